//go:build windows && (amd64 || arm64) && !noonnx

package onnx

import "syscall"

// supported says that libraries can be loaded in this build.
const supported = ""

func loadSymbol(path, symbol string) (uintptr, error) {
	h, err := syscall.LoadLibrary(path)
	if err != nil {
		return 0, err
	}
	return syscall.GetProcAddress(h, symbol)
}

func syscallN(function uintptr, args ...uintptr) uintptr {
	r, _, _ := syscall.SyscallN(function, args...)
	return r
}
