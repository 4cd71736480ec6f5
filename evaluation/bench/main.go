package main

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
)

func main() {
	log.SetFlags(0)
	queries := flag.Int("queries", 1000, "queries")
	candidates := flag.Int("candidates", 1000, "judged candidates of each query")
	peers := flag.Bool("peers", false, "measure ranx and ir_measures too")
	keep := flag.Bool("keep", false, "keep the generated files")
	script := flag.String("script", "evaluation/bench/peers.py", "the script that runs the peers")
	flag.Parse()
	if flag.Arg(0) == "measure" {
		if path := os.Getenv("DUIJIE_PROFILE"); path != "" {
			f, _ := os.Create(path)
			_ = pprof.StartCPUProfile(f)
			defer pprof.StopCPUProfile()
		}
		measure(flag.Arg(1), flag.Arg(2))
		return
	}
	dir, err := os.MkdirTemp("", "duijie-bench")
	if err != nil {
		log.Fatal(err)
	}
	if *keep {
		fmt.Println("files are kept in", dir)
	} else {
		defer os.RemoveAll(dir)
	}
	qrels, run := generate(dir, *queries, *candidates)
	fmt.Printf("%d queries × %d judged candidates, %d processors\n", *queries, *candidates, runtime.GOMAXPROCS(0))
	self, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	ours := timed(self, "measure", qrels, run)
	fmt.Printf("%-12s %8.2f s  (all metrics, 1,000 bootstrap samples)\n", "evaluation", ours.Seconds())
	if !*peers {
		return
	}
	for _, peer := range []string{"ranx", "ir_measures"} {
		took := timed("python3", *script, peer, qrels, run)
		fmt.Printf("%-12s %8.2f s  %.1f times ours\n", peer, took.Seconds(), took.Seconds()/ours.Seconds())
	}
}

// measure is the part that is timed: read, evaluate, print.
func measure(qrels, path string) {
	start := time.Now()
	d, _, err := format.ReadTREC(qrels, format.Options{})
	if err != nil {
		log.Fatal(err)
	}
	run, _, err := format.ReadRun(path, d, format.Options{Unknown: format.Add})
	if err != nil {
		log.Fatal(err)
	}
	read := time.Since(start)
	r, err := evaluation.Evaluate(d, []evaluation.Model{{Name: "run", Run: run}}, evaluation.Options{})
	if err != nil {
		log.Fatal(err)
	}
	e := r.Estimate(0, "ndcg@10")
	fmt.Printf("  nDCG@10 %v [%.4f, %.4f]; read in %v, evaluated in %v\n", e.Value, e.Interval.Low, e.Interval.High,
		read.Round(time.Millisecond), (time.Since(start) - read).Round(time.Millisecond))
}

func timed(name string, args ...string) time.Duration {
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	return time.Since(start)
}

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
