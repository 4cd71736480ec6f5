#include "textflag.h"

// func dotRowsAVX2(query *int16, rows *int8, dim, n int, out *int32)
//
// Row bytes are widened to 16 bits, and VPMADDWD sums pairs of 16 × 16-bit products
// in 32 bits, so nothing saturates (as it would with VPMADDUBSW).
//
//	SI query   DI row   DX dim   CX rows left   R8 out
//	R9 dim rounded down to 32   AX position   R10 sum
TEXT ·dotRowsAVX2(SB), NOSPLIT, $0-40
	MOVQ query+0(FP), SI
	MOVQ rows+8(FP), DI
	MOVQ dim+16(FP), DX
	MOVQ n+24(FP), CX
	MOVQ out+32(FP), R8
	MOVQ DX, R9
	ANDQ $-32, R9

row:
	TESTQ CX, CX
	JLE   done
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	XORQ  AX, AX
	CMPQ  AX, R9
	JGE   reduce

loop:
	VPMOVSXBW (DI)(AX*1), Y2
	VPMOVSXBW 16(DI)(AX*1), Y3
	VPMADDWD  (SI)(AX*2), Y2, Y2
	VPMADDWD  32(SI)(AX*2), Y3, Y3
	VPADDD    Y2, Y0, Y0
	VPADDD    Y3, Y1, Y1
	ADDQ      $32, AX
	CMPQ      AX, R9
	JLT       loop

reduce:
	VPADDD       Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0x4E, X0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0xB1, X0, X1
	VPADDD       X1, X0, X0
	VMOVD        X0, R10

tail:
	CMPQ    AX, DX
	JGE     store
	MOVBLSX (DI)(AX*1), R11
	MOVWLSX (SI)(AX*2), R12
	IMULL   R12, R11
	ADDL    R11, R10
	INCQ    AX
	JMP     tail

store:
	MOVL R10, (R8)
	ADDQ $4, R8
	ADDQ DX, DI
	DECQ CX
	JMP  row

done:
	VZEROUPPER
	RET
