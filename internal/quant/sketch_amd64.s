#include "textflag.h"

DATA halves<>+0(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA halves<>+8(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA halves<>+16(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA halves<>+24(SB)/8, $0x0f0f0f0f0f0f0f0f
GLOBL halves<>(SB), RODATA|NOPTR, $32

// func lookUpAVX2(table, codes *byte, pairs int, sums *[32]uint16, least uint16) uint32
//
// VPSHUFB looks 32 rows up at once. Y0 sums words of two rows, of which the odd row's
// sum Y1 is taken off at the end; what a sum carries over is so taken off as well. A scan
// waits for memory most of the time, so the blocks that lie two ahead are asked for; where
// there are none, that is no fault.
//
//	SI table   DI codes   CX pairs left   R8 sums
TEXT ·lookUpAVX2(SB), NOSPLIT, $0-44
	MOVQ    table+0(FP), SI
	MOVQ    codes+8(FP), DI
	MOVQ    pairs+16(FP), CX
	MOVQ    sums+24(FP), R8
	VPXOR   Y0, Y0, Y0
	VPXOR   Y1, Y1, Y1
	VMOVDQU halves<>(SB), Y7

	// The largest factor and spread of the block after the next: the last 8 bytes of
	// 32*pairs+264, of which the loop fetches the codes alone.
	MOVQ       CX, R9
	SHLQ       $5, R9
	LEAQ       792(R9)(R9*2), R9
	PREFETCHT0 -8(DI)(R9*1)

	SUBQ $2, CX
	JLT  last

loop:
	PREFETCHT0     2560(DI)
	VMOVDQU        (DI), Y2
	VBROADCASTI128 (SI), Y4
	VBROADCASTI128 16(SI), Y5
	VPSRLW         $4, Y2, Y3
	VPAND          Y7, Y2, Y2
	VPAND          Y7, Y3, Y3
	VPSHUFB        Y2, Y4, Y4
	VPSHUFB        Y3, Y5, Y5
	VPADDB         Y5, Y4, Y4
	VPADDW         Y4, Y0, Y0
	VPSRLW         $8, Y4, Y4
	VPADDW         Y4, Y1, Y1

	VMOVDQU        32(DI), Y8
	VBROADCASTI128 32(SI), Y10
	VBROADCASTI128 48(SI), Y11
	VPSRLW         $4, Y8, Y9
	VPAND          Y7, Y8, Y8
	VPAND          Y7, Y9, Y9
	VPSHUFB        Y8, Y10, Y10
	VPSHUFB        Y9, Y11, Y11
	VPADDB         Y11, Y10, Y10
	VPADDW         Y10, Y0, Y0
	VPSRLW         $8, Y10, Y10
	VPADDW         Y10, Y1, Y1
	ADDQ           $64, DI
	ADDQ           $64, SI
	SUBQ           $2, CX
	JGE            loop

last:
	ADDQ $2, CX
	JEQ  done
	VMOVDQU        (DI), Y2
	VBROADCASTI128 (SI), Y4
	VBROADCASTI128 16(SI), Y5
	VPSRLW         $4, Y2, Y3
	VPAND          Y7, Y2, Y2
	VPAND          Y7, Y3, Y3
	VPSHUFB        Y2, Y4, Y4
	VPSHUFB        Y3, Y5, Y5
	VPADDB         Y5, Y4, Y4
	VPADDW         Y4, Y0, Y0
	VPSRLW         $8, Y4, Y4
	VPADDW         Y4, Y1, Y1

done:
	// Words 2i and 2i+1 of the result are the even and the odd row of word i.
	VPSLLW     $8, Y1, Y2
	VPSUBW     Y2, Y0, Y0
	VPUNPCKLWD Y1, Y0, Y2
	VPUNPCKHWD Y1, Y0, Y3
	VPERM2I128 $0x20, Y3, Y2, Y4
	VPERM2I128 $0x31, Y3, Y2, Y5
	VMOVDQU    Y4, (R8)
	VMOVDQU    Y5, 32(R8)

	// One bit for each row whose sum is not below least.
	VPBROADCASTW least+32(FP), Y0
	VPMAXUW      Y0, Y4, Y1
	VPMAXUW      Y0, Y5, Y2
	VPCMPEQW     Y1, Y4, Y1
	VPCMPEQW     Y2, Y5, Y2
	VPACKSSWB    Y2, Y1, Y1
	VPERMQ       $0xD8, Y1, Y1
	VPMOVMSKB    Y1, AX
	MOVL         AX, ret+40(FP)
	VZEROUPPER
	RET
