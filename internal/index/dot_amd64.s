#include "textflag.h"

// func dotAVX2(a, b *float32, n int) float32
//
// n is a multiple of 8. The 8 lanes are the partial sums of dotScalar, products
// and sums are rounded apart, and the lanes are added in its order.
TEXT ·dotAVX2(SB), NOSPLIT, $0-28
	MOVQ   a+0(FP), SI
	MOVQ   b+8(FP), DI
	MOVQ   n+16(FP), CX
	XORQ   AX, AX
	VXORPS Y0, Y0, Y0

next:
	CMPQ    AX, CX
	JGE     sum
	VMOVUPS (SI)(AX*4), Y1
	VMULPS  (DI)(AX*4), Y1, Y1
	VADDPS  Y1, Y0, Y0
	ADDQ    $8, AX
	JMP     next

sum:
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0      // 0+4 1+5 2+6 3+7
	VPSHUFD      $0x4E, X0, X1
	VADDPS       X1, X0, X0      // (0+4)+(2+6) (1+5)+(3+7)
	VPSHUFD      $0x55, X0, X1
	VADDSS       X1, X0, X0
	VZEROUPPER
	MOVSS        X0, ret+24(FP)
	RET
