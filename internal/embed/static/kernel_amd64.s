#include "textflag.h"

// PAIR adds 16 dimensions of a pair of rows, at an offset, to two accumulators. The
// bytes of both rows are interleaved and widened to 16 bits, so that VPMADDWD gives
// a·low + b·high of each dimension in 32 bits. AX row a, BX row b, Y0 the steps.
#define PAIR(offset, low, high) \
	VMOVDQU    offset(AX), X1  \
	VMOVDQU    offset(BX), X2  \
	VPUNPCKLBW X2, X1, X3      \
	VPUNPCKHBW X2, X1, X4      \
	VPMOVSXBW  X3, Y3          \
	VPMOVSXBW  X4, Y4          \
	VPMADDWD   Y0, Y3, Y3      \
	VPMADDWD   Y0, Y4, Y4      \
	VPADDD     Y3, low, low    \
	VPADDD     Y4, high, high

// STORE adds eight 32-bit sums to eight numbers at an offset of DI.
#define STORE(offset, wide, half) \
	VEXTRACTI128 $1, wide, X3            \
	VCVTDQ2PD    half, Y1                \
	VCVTDQ2PD    X3, Y2                  \
	VADDPD       offset(DI), Y1, Y1      \
	VADDPD       (offset+32)(DI), Y2, Y2 \
	VMOVUPD      Y1, offset(DI)          \
	VMOVUPD      Y2, (offset+32)(DI)

// func addPairsAVX2(sums *float64, rows *byte, pairs *pair, n, dims int)
//
// Blocks of 64 dimensions, and of 16 at the end, are added up over all pairs in
// registers. See fetchRows for what that needs.
//
//	DI sums   SI rows, of the block   R8 pairs   R9 n   CX dims to do
TEXT ·addPairsAVX2(SB), NOSPLIT, $0-40
	MOVQ sums+0(FP), DI
	MOVQ rows+8(FP), SI
	MOVQ pairs+16(FP), R8
	MOVQ n+24(FP), R9
	MOVQ dims+32(FP), CX

block:
	CMPQ  CX, $64
	JLT   tail
	VPXOR Y8, Y8, Y8
	VPXOR Y9, Y9, Y9
	VPXOR Y10, Y10, Y10
	VPXOR Y11, Y11, Y11
	VPXOR Y12, Y12, Y12
	VPXOR Y13, Y13, Y13
	VPXOR Y14, Y14, Y14
	VPXOR Y15, Y15, Y15
	MOVQ  R8, R10
	MOVQ  R9, R11

blockPair:
	MOVL         0(R10), AX
	MOVL         4(R10), BX
	VPBROADCASTD 8(R10), Y0
	ADDQ         SI, AX
	ADDQ         SI, BX
	PAIR(0, Y8, Y9)
	PAIR(16, Y10, Y11)
	PAIR(32, Y12, Y13)
	PAIR(48, Y14, Y15)
	ADDQ         $16, R10
	DECQ         R11
	JNZ          blockPair
	STORE(0, Y8, X8)
	STORE(64, Y9, X9)
	STORE(128, Y10, X10)
	STORE(192, Y11, X11)
	STORE(256, Y12, X12)
	STORE(320, Y13, X13)
	STORE(384, Y14, X14)
	STORE(448, Y15, X15)
	ADDQ         $64, SI
	ADDQ         $512, DI
	SUBQ         $64, CX
	JMP          block

tail:
	CMPQ  CX, $0
	JE    done
	VPXOR Y8, Y8, Y8
	VPXOR Y9, Y9, Y9
	MOVQ  R8, R10
	MOVQ  R9, R11

tailPair:
	MOVL         0(R10), AX
	MOVL         4(R10), BX
	VPBROADCASTD 8(R10), Y0
	ADDQ         SI, AX
	ADDQ         SI, BX
	PAIR(0, Y8, Y9)
	ADDQ         $16, R10
	DECQ         R11
	JNZ          tailPair
	STORE(0, Y8, X8)
	STORE(64, Y9, X9)
	ADDQ         $16, SI
	ADDQ         $128, DI
	SUBQ         $16, CX
	JMP          tail

done:
	VZEROUPPER
	RET

// func fetchRows(rows *byte, entries *int32, n, dims int)
//
// Every cache line of each row is asked for. Adding up by blocks reads lines of rows
// that lie far apart, one after the other, which no processor foresees.
//
//	SI rows   R8 entries   R9 n   CX dims   AX row   DX its end
TEXT ·fetchRows(SB), NOSPLIT, $0-32
	MOVQ rows+0(FP), SI
	MOVQ entries+8(FP), R8
	MOVQ n+16(FP), R9
	MOVQ dims+24(FP), CX

row:
	MOVL  (R8), AX
	IMULQ CX, AX
	ADDQ  SI, AX
	LEAQ  -1(AX)(CX*1), DX

line:
	PREFETCHT0 (AX)
	ADDQ       $64, AX
	CMPQ       AX, DX
	JLT        line
	PREFETCHT0 (DX)
	ADDQ       $4, R8
	DECQ       R9
	JNZ        row
	RET

// func divideAVX2(dst *float32, sums *float64, n int, length float64)
//
//	DI dst   SI sums   CX n, a multiple of 4   AX position   Y0 length
TEXT ·divideAVX2(SB), NOSPLIT, $0-32
	MOVQ         dst+0(FP), DI
	MOVQ         sums+8(FP), SI
	MOVQ         n+16(FP), CX
	VBROADCASTSD length+24(FP), Y0
	XORQ         AX, AX

four:
	VMOVUPD    (SI)(AX*8), Y1
	VDIVPD     Y0, Y1, Y1
	VCVTPD2PSY Y1, X1
	VMOVUPS    X1, (DI)(AX*4)
	ADDQ       $4, AX
	CMPQ       AX, CX
	JLT        four
	VZEROUPPER
	RET
