package onnx

import (
	"encoding/binary"
	"syscall"
)

// pathText is a file's name as the library wants it: UTF-16.
func pathText(path string) (text, error) {
	wide, err := syscall.UTF16FromString(path)
	if err != nil {
		return nil, err
	}
	var out text
	for _, u := range wide {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out, nil
}
