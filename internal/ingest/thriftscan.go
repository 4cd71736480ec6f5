package ingest

import (
	"encoding/binary"
	"fmt"
	"io"
)

// thriftScan walks over a structure in Thrift's compact protocol without making
// anything of it. Parquet's parser takes memory for as many elements as a list
// says that it has, before it sees whether they are there; that may be more than
// the machine has, which no program survives. What passed here is no longer than
// it says. (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md)
type thriftScan struct {
	data     []byte
	at       int
	elements int // of lists, so far
	depth    int
}

// thriftLength gives the length of the structure at the beginning of data.
func thriftLength(data []byte) (int, error) {
	s := thriftScan{data: data}
	err := s.structure()
	return s.at, err
}

// The types of values.
const (
	thriftTrue = iota + 1
	thriftFalse
	thriftByte
	thriftI16
	thriftI32
	thriftI64
	thriftDouble
	thriftBinary
	thriftList
	thriftSet
	thriftMap
	thriftStruct
	thriftUUID
)

// thriftElements bounds the elements of all lists: each may take 600 bytes. A file
// with 4,000 row groups of 40 columns has 160,000 and more than 10 MB of metadata.
func (s *thriftScan) thriftElements() int { return 50_000 + len(s.data)/16 }

func (s *thriftScan) structure() error {
	if s.depth++; s.depth > maxDepth {
		return fmt.Errorf("it is nested more than %d levels deep", maxDepth)
	}
	defer func() { s.depth-- }()
	for {
		head, err := s.octet()
		if err != nil || head == 0 {
			return err
		}
		if head>>4 == 0 { // the field's number follows
			if _, err := s.varint(); err != nil {
				return err
			}
		}
		if kind := head & 0xf; kind != thriftTrue && kind != thriftFalse { // which have no bytes
			if err := s.value(kind); err != nil {
				return err
			}
		}
	}
}

func (s *thriftScan) value(kind byte) error {
	switch kind {
	case thriftTrue, thriftFalse, thriftByte:
		return s.skip(1)
	case thriftI16, thriftI32, thriftI64:
		_, err := s.varint()
		return err
	case thriftDouble:
		return s.skip(8)
	case thriftUUID:
		return s.skip(16)
	case thriftBinary:
		n, err := s.varint()
		if err != nil {
			return err
		}
		return s.skip(n)
	case thriftList, thriftSet:
		return s.list()
	case thriftMap:
		return s.dictionary()
	case thriftStruct:
		return s.structure()
	}
	return fmt.Errorf("it has a value of the unknown type %d", kind)
}

func (s *thriftScan) list() error {
	head, err := s.octet()
	if err != nil {
		return err
	}
	n := uint64(head >> 4)
	if n == 15 {
		if n, err = s.varint(); err != nil {
			return err
		}
	}
	return s.each(n, head&0xf)
}

func (s *thriftScan) dictionary() error {
	n, err := s.varint()
	if err != nil || n == 0 {
		return err
	}
	kinds, err := s.octet()
	if err != nil {
		return err
	}
	return s.each(n, kinds>>4, kinds&0xf)
}

// each goes over n elements of the given types.
func (s *thriftScan) each(n uint64, kinds ...byte) error {
	if n > uint64(len(s.data)-s.at) { // an element has a byte at least
		return io.ErrUnexpectedEOF
	}
	if s.elements += int(n); s.elements > s.thriftElements() {
		return fmt.Errorf("its lists have more than %d elements", s.thriftElements())
	}
	for range n {
		for _, kind := range kinds {
			if err := s.value(kind); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *thriftScan) octet() (byte, error) {
	if s.at == len(s.data) {
		return 0, io.ErrUnexpectedEOF
	}
	s.at++
	return s.data[s.at-1], nil
}

func (s *thriftScan) skip(n uint64) error {
	if n > uint64(len(s.data)-s.at) {
		return io.ErrUnexpectedEOF
	}
	s.at += int(n)
	return nil
}

func (s *thriftScan) varint() (uint64, error) {
	v, n := binary.Uvarint(s.data[s.at:])
	if n <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	s.at += n
	return v, nil
}
