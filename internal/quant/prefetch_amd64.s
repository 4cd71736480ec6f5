#include "textflag.h"

// func prefetch(first *byte, n int)
TEXT ·prefetch(SB), NOSPLIT, $0-16
	MOVQ first+0(FP), SI
	MOVQ n+8(FP), CX

loop:
	PREFETCHT0 (SI)
	ADDQ       $64, SI
	SUBQ       $64, CX
	JG         loop
	RET
