#include "textflag.h"

DATA oddSigns<>+0(SB)/8, $0x8000000000000000
DATA oddSigns<>+8(SB)/8, $0x8000000000000000
DATA oddSigns<>+16(SB)/8, $0x8000000000000000
DATA oddSigns<>+24(SB)/8, $0x8000000000000000
GLOBL oddSigns<>(SB), RODATA|NOPTR, $32

DATA pairSigns<>+0(SB)/8, $0
DATA pairSigns<>+8(SB)/8, $0x8000000080000000
DATA pairSigns<>+16(SB)/8, $0
DATA pairSigns<>+24(SB)/8, $0x8000000080000000
GLOBL pairSigns<>(SB), RODATA|NOPTR, $32

DATA highSigns<>+0(SB)/8, $0
DATA highSigns<>+8(SB)/8, $0
DATA highSigns<>+16(SB)/8, $0x8000000080000000
DATA highSigns<>+24(SB)/8, $0x8000000080000000
GLOBL highSigns<>(SB), RODATA|NOPTR, $32

// func hadamardAVX2(v *float32, n int, scale float32)
//
// n is a power of two and at least 8. In each stage a number becomes x+y or x−y; within
// eight numbers this is x plus y under a sign.
//
//	SI v   CX bytes of v   DX bytes of half   R8, R9 the halves   R10 end of a half
TEXT ·hadamardAVX2(SB), NOSPLIT, $0-20
	MOVQ    v+0(FP), SI
	MOVQ    n+8(FP), CX
	SHLQ    $2, CX
	VMOVUPS oddSigns<>(SB), Y8
	VMOVUPS pairSigns<>(SB), Y9
	VMOVUPS highSigns<>(SB), Y10
	XORQ    AX, AX

eight:
	VMOVUPS    (SI)(AX*1), Y0
	VMOVSLDUP  Y0, Y1
	VMOVSHDUP  Y0, Y2
	VXORPS     Y8, Y2, Y2
	VADDPS     Y2, Y1, Y0
	VPERMILPS  $0x44, Y0, Y1
	VPERMILPS  $0xEE, Y0, Y2
	VXORPS     Y9, Y2, Y2
	VADDPS     Y2, Y1, Y0
	VPERM2F128 $0x00, Y0, Y0, Y1
	VPERM2F128 $0x11, Y0, Y0, Y2
	VXORPS     Y10, Y2, Y2
	VADDPS     Y2, Y1, Y0
	VMOVUPS    Y0, (SI)(AX*1)
	ADDQ       $32, AX
	CMPQ       AX, CX
	JLT        eight
	MOVQ       $32, DX

stage:
	CMPQ DX, CX
	JGE  scale
	MOVQ SI, R8
	LEAQ (SI)(CX*1), R11

pair:
	LEAQ (R8)(DX*1), R9
	MOVQ R9, R10

half:
	VMOVUPS (R8), Y0
	VMOVUPS (R9), Y1
	VADDPS  Y1, Y0, Y2
	VSUBPS  Y1, Y0, Y3
	VMOVUPS Y2, (R8)
	VMOVUPS Y3, (R9)
	ADDQ    $32, R8
	ADDQ    $32, R9
	CMPQ    R8, R10
	JLT     half
	MOVQ    R9, R8
	CMPQ    R8, R11
	JLT     pair
	SHLQ    $1, DX
	JMP     stage

scale:
	VBROADCASTSS scale+16(FP), Y4
	XORQ         AX, AX

scaleLoop:
	VMULPS  (SI)(AX*1), Y4, Y0
	VMOVUPS Y0, (SI)(AX*1)
	ADDQ    $32, AX
	CMPQ    AX, CX
	JLT     scaleLoop
	VZEROUPPER
	RET

// func flipAVX2(v *float32, signs *uint32, n int)
TEXT ·flipAVX2(SB), NOSPLIT, $0-24
	MOVQ v+0(FP), SI
	MOVQ signs+8(FP), DI
	MOVQ n+16(FP), CX

flipLoop:
	VMOVUPS (SI), Y0
	VXORPS  (DI), Y0, Y0
	VMOVUPS Y0, (SI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $8, CX
	JG      flipLoop
	VZEROUPPER
	RET

// func widenAVX2(wide *int16, codes *int8, n int)
TEXT ·widenAVX2(SB), NOSPLIT, $0-24
	MOVQ wide+0(FP), DI
	MOVQ codes+8(FP), SI
	MOVQ n+16(FP), CX

widenLoop:
	VPMOVSXBW (SI), Y0
	VMOVDQU   Y0, (DI)
	ADDQ      $16, SI
	ADDQ      $32, DI
	SUBQ      $16, CX
	JG        widenLoop
	VZEROUPPER
	RET

// func addScaledAVX2(sums *float32, codes *int8, n int, scale float32)
TEXT ·addScaledAVX2(SB), NOSPLIT, $0-28
	MOVQ         sums+0(FP), DI
	MOVQ         codes+8(FP), SI
	MOVQ         n+16(FP), CX
	VBROADCASTSS scale+24(FP), Y4

addLoop:
	VPMOVSXBD (SI), Y0
	VCVTDQ2PS Y0, Y0
	VMULPS    Y4, Y0, Y0
	VADDPS    (DI), Y0, Y0
	VMOVUPS   Y0, (DI)
	ADDQ      $8, SI
	ADDQ      $32, DI
	SUBQ      $8, CX
	JG        addLoop
	VZEROUPPER
	RET

// func residualAVX2(out *float32, codes *int8, fine *byte, centroid *int8, n int, step, scale float32)
TEXT ·residualAVX2(SB), NOSPLIT, $0-48
	MOVQ         out+0(FP), DI
	MOVQ         codes+8(FP), SI
	MOVQ         fine+16(FP), DX
	MOVQ         centroid+24(FP), BX
	MOVQ         n+32(FP), CX
	VBROADCASTSS step+40(FP), Y4
	VBROADCASTSS scale+44(FP), Y5

residualLoop:
	VPMOVSXBD (SI), Y0
	VPSLLD    $8, Y0, Y0
	VPMOVSXBD (DX), Y1
	VPADDD    Y1, Y0, Y0
	VCVTDQ2PS Y0, Y0
	VMULPS    Y4, Y0, Y0
	VPMOVSXBD (BX), Y1
	VCVTDQ2PS Y1, Y1
	VMULPS    Y5, Y1, Y1
	VSUBPS    Y1, Y0, Y0
	VMOVUPS   Y0, (DI)
	ADDQ      $8, SI
	ADDQ      $8, DX
	ADDQ      $8, BX
	ADDQ      $32, DI
	SUBQ      $8, CX
	JG        residualLoop
	VZEROUPPER
	RET

// func joinAVX2(out *float32, codes *int8, fine *byte, n int, s float32)
TEXT ·joinAVX2(SB), NOSPLIT, $0-36
	MOVQ         out+0(FP), DI
	MOVQ         codes+8(FP), SI
	MOVQ         fine+16(FP), DX
	MOVQ         n+24(FP), CX
	VBROADCASTSS s+32(FP), Y4

joinLoop:
	VPMOVSXBD (SI), Y0
	VPSLLD    $8, Y0, Y0
	VPMOVSXBD (DX), Y1
	VPADDD    Y1, Y0, Y0
	VCVTDQ2PS Y0, Y0
	VMULPS    Y4, Y0, Y0
	VMOVUPS   Y0, (DI)
	ADDQ      $8, SI
	ADDQ      $8, DX
	ADDQ      $32, DI
	SUBQ      $8, CX
	JG        joinLoop
	VZEROUPPER
	RET

// func signsAVX2(r *float32, n int, signs *byte, squares, sums *[8]float64)
//
//	Y8 absolute   Y9 zero   Y12, Y13 squares   Y14, Y15 sums
TEXT ·signsAVX2(SB), NOSPLIT, $0-40
	MOVQ     r+0(FP), SI
	MOVQ     n+8(FP), CX
	MOVQ     signs+16(FP), DI
	MOVQ     squares+24(FP), R8
	MOVQ     sums+32(FP), R9
	VPCMPEQD Y8, Y8, Y8
	VPSRLD   $1, Y8, Y8
	VXORPS   Y9, Y9, Y9
	VXORPD   Y12, Y12, Y12
	VXORPD   Y13, Y13, Y13
	VXORPD   Y14, Y14, Y14
	VXORPD   Y15, Y15, Y15

signsLoop:
	VMOVUPS      (SI), Y0
	VCMPPS       $0x0D, Y9, Y0, Y1 // not below
	VMOVMSKPS    Y1, AX
	MOVB         AX, (DI)
	VMULPS       Y0, Y0, Y2
	VANDPS       Y8, Y0, Y3
	VEXTRACTF128 $1, Y2, X4
	VEXTRACTF128 $1, Y3, X5
	VCVTPS2PD    X2, Y2
	VCVTPS2PD    X4, Y4
	VCVTPS2PD    X3, Y3
	VCVTPS2PD    X5, Y5
	VADDPD       Y2, Y12, Y12
	VADDPD       Y4, Y13, Y13
	VADDPD       Y3, Y14, Y14
	VADDPD       Y5, Y15, Y15
	ADDQ         $32, SI
	INCQ         DI
	SUBQ         $8, CX
	JG           signsLoop
	VMOVUPD      Y12, (R8)
	VMOVUPD      Y13, 32(R8)
	VMOVUPD      Y14, (R9)
	VMOVUPD      Y15, 32(R9)
	VZEROUPPER
	RET
