package main

import (
	"bufio"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// generate writes qrels and a run whose scores follow the levels with noise.
func generate(dir string, queries, candidates int) (qrels, run string) {
	qrels, run = filepath.Join(dir, "qrels"), filepath.Join(dir, "run.trec")
	q, r := create(qrels), create(run)
	random := rand.New(rand.NewPCG(1, 1))
	for query := range queries {
		score := 10.0
		for rank := range candidates {
			document := random.IntN(100)*1000 + rank%1000
			level := 1 + min(random.IntN(5+rank*4/candidates), random.IntN(5+rank*4/candidates), 3)
			score -= random.Float64() * 0.01
			fmt.Fprintf(q, "q%06d 0 CN%09dA %d\n", query, document, level)
			fmt.Fprintf(r, "q%06d Q0 CN%09dA %d %.6f bench\n", query, document, rank+1, score)
		}
	}
	if err := q.Flush(); err != nil {
		log.Fatal(err)
	}
	if err := r.Flush(); err != nil {
		log.Fatal(err)
	}
	return qrels, run
}

func create(path string) *bufio.Writer {
	file, err := os.Create(path)
	if err != nil {
		log.Fatal(err)
	}
	return bufio.NewWriterSize(file, 1<<20)
}
