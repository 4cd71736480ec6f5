//go:build !windows

package onnx

// pathText is a file's name as the library wants it.
func pathText(path string) (text, error) { return newText(path), nil }
