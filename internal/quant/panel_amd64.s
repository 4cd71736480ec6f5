#include "textflag.h"

DATA ones<>+0(SB)/8, $0x0001000100010001
DATA ones<>+8(SB)/8, $0x0001000100010001
DATA ones<>+16(SB)/8, $0x0001000100010001
DATA ones<>+24(SB)/8, $0x0001000100010001
GLOBL ones<>(SB), RODATA|NOPTR, $32

// Four dimensions of 16 rows with those of one query, added to 16-bit sums.
#define QUERY(k, q, low, high) \
	VPBROADCASTD (4*k)(q), Y14       \
	VPMADDUBSW   Y12, Y14, Y15       \
	VPMADDUBSW   Y13, Y14, Y14       \
	VPADDW       Y15, low, low       \
	VPADDW       Y14, high, high

// The first four dimensions of a block begin the sums.
#define BEGIN(q, low, high) \
	VPBROADCASTD (q), Y14            \
	VPMADDUBSW   Y12, Y14, low       \
	VPMADDUBSW   Y13, Y14, high

#define STEP(k) \
	VMOVDQU (64*k)(AX), Y12          \
	VMOVDQU (64*k+32)(AX), Y13       \
	QUERY(k, SI, Y0, Y1)             \
	QUERY(k, R9, Y2, Y3)             \
	QUERY(k, R10, Y4, Y5)

// Adds 16-bit sums to 32-bit ones before they can overflow.
#define WIDEN(from, to) \
	VPMADDWD ones<>(SB), from, from  \
	VPADDD   from, to, to

// One bit for each of 16 rows that reaches the floor of a query.
#define REACH(n, low, high) \
	VBROADCASTSS (4*n)(R12), Y14     \
	VPSUBD       (DX), low, low      \
	VPSUBD       32(DX), high, high  \
	VCVTDQ2PS    low, low            \
	VCVTDQ2PS    high, high          \
	VMULPS       (R11), low, low     \
	VMULPS       32(R11), high, high \
	VCMPPS       $0x0D, Y14, low, low   \
	VCMPPS       $0x0D, Y14, high, high \
	VMOVMSKPS    low, AX             \
	VMOVMSKPS    high, BX            \
	SHLL         $8, BX              \
	ORL          BX, AX              \
	MOVW         AX, (2*n)(R13)

// func reachAVX2(codes *int8, blocks int, queries *uint8, triples int, shift *int32, scale *float32, floors *float32, masks *uint16)
//
// The codes lie as VPMADDUBSW wants them, four dimensions of eight rows in 32 bytes, so
// that no sum has to be added across a register. Three queries share what is read of
// the rows.
//
//	DI codes   R8 bytes of a query   SI, R9, R10 three queries   CX triples left
//	DX shift   R11 scale   R12 floors   R13 masks   AX codes, BX blocks left
//	Y0–Y5 16-bit sums   Y6–Y11 32-bit sums, two of eight rows for each query
TEXT ·reachAVX2(SB), NOSPLIT, $0-64
	MOVQ codes+0(FP), DI
	MOVQ blocks+8(FP), R8
	MOVQ queries+16(FP), SI
	MOVQ triples+24(FP), CX
	MOVQ shift+32(FP), DX
	MOVQ scale+40(FP), R11
	MOVQ floors+48(FP), R12
	MOVQ masks+56(FP), R13
	SHLQ $6, R8

triple:
	LEAQ  (SI)(R8*1), R9
	LEAQ  (SI)(R8*2), R10
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7
	VPXOR Y8, Y8, Y8
	VPXOR Y9, Y9, Y9
	VPXOR Y10, Y10, Y10
	VPXOR Y11, Y11, Y11
	MOVQ  DI, AX
	MOVQ  R8, BX

block:
	VMOVDQU (AX), Y12
	VMOVDQU 32(AX), Y13
	BEGIN(SI, Y0, Y1)
	BEGIN(R9, Y2, Y3)
	BEGIN(R10, Y4, Y5)
	STEP(1)
	STEP(2)
	STEP(3)
	STEP(4)
	STEP(5)
	STEP(6)
	STEP(7)
	STEP(8)
	STEP(9)
	STEP(10)
	STEP(11)
	STEP(12)
	STEP(13)
	STEP(14)
	STEP(15)
	WIDEN(Y0, Y6)
	WIDEN(Y1, Y7)
	WIDEN(Y2, Y8)
	WIDEN(Y3, Y9)
	WIDEN(Y4, Y10)
	WIDEN(Y5, Y11)
	ADDQ $1024, AX
	ADDQ $64, SI
	ADDQ $64, R9
	ADDQ $64, R10
	SUBQ $64, BX
	JNZ  block

	REACH(0, Y6, Y7)
	REACH(1, Y8, Y9)
	REACH(2, Y10, Y11)
	MOVQ R10, SI
	ADDQ $12, R12
	ADDQ $6, R13
	DECQ CX
	JNZ  triple
	VZEROUPPER
	RET
