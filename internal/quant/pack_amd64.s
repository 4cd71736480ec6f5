#include "textflag.h"

// BYTES writes 8 whole numbers of 32 bits, which fit into a byte, as bytes; it uses X4.
#define BYTES(numbers, low, to) \
	VEXTRACTI128 $1, numbers, X4 \
	VPACKSSDW    X4, low, X4     \
	VPACKSSWB    X4, X4, X4      \
	VMOVQ        X4, to

// LOST adds the squares of what 8 codes lose to the sums: x in float32, c in 32 bits.
// It uses Y4 to Y7.
#define LOST(x, xlow, c, clow) \
	VEXTRACTF128 $1, x, X5     \
	VEXTRACTI128 $1, c, X7     \
	VCVTPS2PD    xlow, Y4      \
	VCVTPS2PD    X5, Y5        \
	VCVTDQ2PD    clow, Y6      \
	VCVTDQ2PD    X7, Y7        \
	VMULPD       Y13, Y6, Y6   \
	VMULPD       Y13, Y7, Y7   \
	VSUBPD       Y6, Y4, Y4    \
	VSUBPD       Y7, Y5, Y5    \
	VMULPD       Y4, Y4, Y4    \
	VMULPD       Y5, Y5, Y5    \
	VADDPD       Y4, Y14, Y14  \
	VADDPD       Y5, Y15, Y15

// func topAVX2(v *float32, n int) float32
TEXT ·topAVX2(SB), NOSPLIT, $0-20
	MOVQ     v+0(FP), SI
	MOVQ     n+8(FP), CX
	VPCMPEQD Y2, Y2, Y2
	VPSRLD   $1, Y2, Y2
	VXORPS   Y0, Y0, Y0

topLoop:
	VANDPS (SI), Y2, Y1
	VMAXPS Y1, Y0, Y0
	ADDQ   $32, SI
	SUBQ   $8, CX
	JG     topLoop
	VEXTRACTF128 $1, Y0, X1
	VMAXPS  X1, X0, X0
	VPSHUFD $0x4E, X0, X1
	VMAXPS  X1, X0, X0
	VPSHUFD $0xB1, X0, X1
	VMAXPS  X1, X0, X0
	VMOVSS  X0, ret+16(FP)
	VZEROUPPER
	RET

// func quantiseAVX2(v *float32, n int, codes *int8, k *quantiser, sums *[8]float64)
//
//	Y10 inverse   Y11 rounder   Y13 scale   Y14, Y15 sums
TEXT ·quantiseAVX2(SB), NOSPLIT, $0-40
	MOVQ v+0(FP), SI
	MOVQ n+8(FP), CX
	MOVQ codes+16(FP), DX
	MOVQ k+24(FP), BX
	MOVQ sums+32(FP), DI
	VBROADCASTSS 0(BX), Y10
	VBROADCASTSS 4(BX), Y11
	VBROADCASTSD 8(BX), Y13
	VXORPD Y14, Y14, Y14
	VXORPD Y15, Y15, Y15

quantiseLoop:
	VMOVUPS    (SI), Y1
	VMULPS     Y10, Y1, Y2
	VADDPS     Y11, Y2, Y2
	VSUBPS     Y11, Y2, Y2
	VCVTPS2DQ  Y2, Y3
	BYTES(Y3, X3, (DX))
	LOST(Y1, X1, Y3, X3)
	ADDQ $32, SI
	ADDQ $8, DX
	SUBQ $8, CX
	JG   quantiseLoop
	VMOVUPD Y14, (DI)
	VMOVUPD Y15, 32(DI)
	VZEROUPPER
	RET

// SQUARES adds the squares of 8 whole numbers of 32 bits to a sum. It uses Y4 and Y5.
#define SQUARES(numbers, low, sum) \
	VEXTRACTI128 $1, numbers, X5 \
	VCVTDQ2PD    low, Y4         \
	VCVTDQ2PD    X5, Y5          \
	VMULPD       Y4, Y4, Y4      \
	VMULPD       Y5, Y5, Y5      \
	VADDPD       Y4, sum, sum    \
	VADDPD       Y5, sum, sum

// ADDED adds the numbers of a sum up and to what is at an address. It uses X4.
#define ADDED(sum, low, at) \
	VEXTRACTF128 $1, sum, X4  \
	VADDPD       X4, low, low \
	VHADDPD      low, low, low \
	VADDSD       at, low, low \
	VMOVSD       low, at

// func splitAVX2(v *float32, n int, codes *int8, fine *byte, k *splitter)
//
//	Y10 inverse   Y11 half of a code   Y14 whole   Y15 lost
TEXT ·splitAVX2(SB), NOSPLIT, $0-40
	MOVQ v+0(FP), SI
	MOVQ n+8(FP), CX
	MOVQ codes+16(FP), DX
	MOVQ fine+24(FP), R9
	MOVQ k+32(FP), BX
	VBROADCASTSS 0(BX), Y10
	VPCMPEQD Y11, Y11, Y11
	VPSLLD   $31, Y11, Y11
	VPSRLD   $24, Y11, Y11
	VXORPD   Y14, Y14, Y14
	VXORPD   Y15, Y15, Y15

splitLoop:
	VMULPS    (SI), Y10, Y1
	VCVTPS2DQ Y1, Y1
	VPADDD    Y11, Y1, Y3
	VPSRAD    $8, Y3, Y3
	VPSLLD    $8, Y3, Y2
	VPSUBD    Y2, Y1, Y2
	BYTES(Y2, X2, (R9))
	BYTES(Y3, X3, (DX))
	SQUARES(Y1, X1, Y14)
	SQUARES(Y2, X2, Y15)
	ADDQ $32, SI
	ADDQ $8, DX
	ADDQ $8, R9
	SUBQ $8, CX
	JG   splitLoop
	ADDED(Y14, X14, 8(BX))
	ADDED(Y15, X15, 16(BX))
	VZEROUPPER
	RET
