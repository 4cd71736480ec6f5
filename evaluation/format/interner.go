package format

import (
	"sync"

	"github.com/duijie/duijie/evaluation/ident"
)

// interner gives names that the dataset lacks a provisional number, the same from
// all goroutines. Which number that is depends on who comes first; [fresh] turns
// it into one that depends on the file alone.
type interner struct{ shards [shards]shard }

const shards = 32

type shard struct {
	lock  sync.Mutex
	table ident.Table
	names []string
	_     [64]byte // keeps shards of different goroutines out of one cache line
}

// number is the provisional number of a name.
func (in *interner) number(name []byte, hash uint64) int32 {
	at := hash >> 59 // the table takes the low bits
	s := &in.shards[at]
	s.lock.Lock()
	defer s.lock.Unlock()
	i, ok := s.table.FindHashed(name, hash)
	if !ok {
		text := string(name)
		i, _ = s.table.Add(text)
		s.names = append(s.names, text)
	}
	return i*shards + int32(at)
}

// name is the name of a provisional number.
func (in *interner) name(number int32) string {
	s := &in.shards[number%shards]
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.names[number/shards]
}

// fresh is the names that the dataset lacks, numbered on from those that it has
// in the order of the file.
type fresh struct {
	interner
	known int
	names []string
	final []int32 // by provisional number; 0 where not yet numbered
}

func (f *fresh) place(provisional int32) int32 {
	for int(provisional) >= len(f.final) {
		f.final = append(f.final, make([]int32, 1+len(f.final))...)
	}
	if f.final[provisional] == 0 {
		f.names = append(f.names, f.name(provisional))
		f.final[provisional] = int32(f.known + len(f.names))
	}
	return f.final[provisional] - 1
}
