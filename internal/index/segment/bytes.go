package segment

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// u32s is a list of little-endian numbers of 32 bits, as it lies in a file.
type u32s []byte

func (l u32s) at(i uint32) uint32 { return binary.LittleEndian.Uint32(l[4*int(i):]) }
func (l u32s) len() int           { return len(l) / 4 }

// u64s is a list of little-endian numbers of 64 bits.
type u64s []byte

func (l u64s) at(i uint32) uint64 { return binary.LittleEndian.Uint64(l[8*int(i):]) }
func (l u64s) len() int           { return len(l) / 8 }

// bytesOf32 is the form in which u32s reads numbers.
func bytesOf32(list []uint32) []byte {
	out := make([]byte, 0, 4*len(list))
	for _, x := range list {
		out = binary.LittleEndian.AppendUint32(out, x)
	}
	return out
}

// bytesOf64 is the form in which u64s reads numbers.
func bytesOf64(list []uint64) []byte {
	out := make([]byte, 0, 8*len(list))
	for _, x := range list {
		out = binary.LittleEndian.AppendUint64(out, x)
	}
	return out
}

func float32At(b []byte, at int) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(b[at:]))
}

// signed is b as signed numbers, in the same memory.
func signed(b []byte) []int8 {
	if len(b) == 0 {
		return nil
	}
	return unsafe.Slice((*int8)(unsafe.Pointer(&b[0])), len(b))
}

// unsigned is its reverse.
func unsigned(b []int8) []byte {
	if len(b) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&b[0])), len(b))
}
