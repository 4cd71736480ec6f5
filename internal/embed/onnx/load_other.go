//go:build noonnx || !((linux || darwin || windows) && (amd64 || arm64))

package onnx

import "errors"

// supported says why libraries cannot be loaded in this build.
const supported = "this build of duijie cannot load ONNX Runtime: it is for 64-bit Linux, macOS and Windows without the build tag noonnx; use the static or openai embedder"

func loadSymbol(string, string) (uintptr, error) { return 0, errors.New(supported) }

func syscallN(uintptr, ...uintptr) uintptr { panic("no library can be loaded") }
