package qdrant

import (
	"fmt"

	"github.com/duijie/duijie/internal/lexical/tally"
)

// statistics are what a process knows of all documents; see words_doc.go.
type statistics struct {
	head  head
	table *tally.Table
	// last is the newest generation that the table has.
	last int64
	// unusable says why there are none.
	unusable error
	// recent are the documents of generations after the base, by id.
	recent map[string]recent
}

// recent is a document as the table has it.
type recent struct {
	generation int64
	terms      []byte // nil where it is deleted
}

// head is what the head of the statistics says.
type head struct {
	base   int64 // generation; 0 is none, without blocks
	blocks int
	mark   int64
	// lowest is the lowest level of which documents have weights, where levels is set.
	levels bool
	lowest int
}

// change is a document as a write left it.
type change struct {
	id         string
	generation int64
	terms, was []byte // encoded; nil for none
}

func newStatistics() *statistics {
	return &statistics{table: &tally.Table{}, recent: map[string]recent{}}
}

// take counts changes. One that it has already counts for nothing. After an error the
// statistics are of no use.
func (s *statistics) take(changes []change) error {
	for _, c := range changes {
		prior := c.was
		if known, ok := s.recent[c.id]; ok {
			if known.generation >= c.generation {
				continue
			}
			prior = known.terms
		}
		if err := s.replace(prior, c.terms); err != nil {
			return fmt.Errorf("point %s: %w", c.id, err)
		}
		s.recent[c.id] = recent{c.generation, c.terms}
		s.last = max(s.last, c.generation)
	}
	return nil
}

func (s *statistics) replace(prior, with []byte) error {
	if prior != nil {
		terms, err := tally.Decode(prior)
		if err != nil {
			return err
		}
		if err := s.table.Remove(&terms); err != nil {
			return err
		}
	}
	if with != nil {
		terms, err := tally.Decode(with)
		if err != nil {
			return err
		}
		s.table.Add(&terms)
	}
	return nil
}

// rebase goes on from another base, whose generation the table has passed.
func (s *statistics) rebase(h head) {
	s.head = h
	for id, r := range s.recent {
		if r.generation <= h.base {
			delete(s.recent, id)
		}
	}
}
