package main

import (
	"flag"
	"fmt"
	"log"
	"os"
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
	only := flag.String("only", "", "of the peers measure those whose name begins so, such as \"ir_measures means\"")
	rounds := flag.Int("rounds", 1, "how often all are measured in turn; the best of each counts")
	keep := flag.Bool("keep", false, "keep the generated files")
	script := flag.String("script", "evaluation/bench/peers.py", "the script that runs the peers")
	flag.Parse()
	if flag.Arg(0) == "measure" {
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
	fmt.Printf("%d queries × %d judged candidates, %d processors, best of %d\n", *queries, *candidates, runtime.GOMAXPROCS(0), *rounds)
	self, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	all := contestants(self, *script, qrels, run)
	if !*peers {
		all = all[:1]
	}
	compare(chosen(all, *only), *rounds)
}

// measure is the part that is timed: read, evaluate, print. DUIJIE_PROFILE names a
// file for a profile of it.
func measure(qrels, path string) {
	if profile := os.Getenv("DUIJIE_PROFILE"); profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			log.Fatal(err)
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			log.Fatal(err)
		}
		defer pprof.StopCPUProfile()
	}
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
	known := 0
	for _, e := range r.Models[0].Estimates {
		if e.Value.Known() {
			known++
		}
	}
	e := r.Estimate(0, "ndcg@10")
	fmt.Printf("  nDCG@10 %v [%.4f, %.4f] and %d other metrics; read in %v, evaluated in %v\n", e.Value, e.Interval.Low, e.Interval.High,
		known-1, read.Round(time.Millisecond), (time.Since(start) - read).Round(time.Millisecond))
}
