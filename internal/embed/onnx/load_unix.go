//go:build (linux || darwin) && (amd64 || arm64) && !noonnx

package onnx

import (
	"github.com/ebitengine/purego"
)

// supported says that libraries can be loaded in this build.
const supported = ""

func loadSymbol(path, symbol string) (uintptr, error) {
	h, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return 0, err
	}
	return purego.Dlsym(h, symbol)
}

func syscallN(function uintptr, args ...uintptr) uintptr {
	r, _, _ := purego.SyscallN(function, args...)
	return r
}
