package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	texts := flag.String("texts", "", "a file of JSON lines with title and abstract")
	tokenizer := flag.String("tokenizer", "", "tokenizer.json of the peers' model")
	rust := flag.String("rust", "", "the program built from peer/, left out where empty")
	python := flag.String("python", "", "a Python with model2vec, left out where empty")
	seconds := flag.Float64("seconds", 3, "how long each is measured in a round")
	rounds := flag.Int("rounds", 5, "rounds")
	flag.Parse()
	if flag.Arg(0) == "measure" {
		measure(flag.Arg(1), *seconds)
		return
	}
	dir, err := os.MkdirTemp("", "duijie-contest")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	lines := filepath.Join(dir, "texts.txt")
	n := writeTexts(lines, *texts)
	self, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	last := fmt.Sprint(*seconds)
	all := []*contestant{{name: "static", command: []string{self, "-seconds", last, "measure", lines}}}
	for _, kind := range []string{"F32", "I8"} {
		if *rust == "" && *python == "" {
			break
		}
		model := filepath.Join(dir, kind)
		writeModel(model, *tokenizer, kind)
		if *rust != "" {
			all = append(all, &contestant{name: "model2vec-rs " + kind, command: []string{*rust, model, lines, last}})
		}
		if *python != "" {
			all = append(all, &contestant{name: "model2vec " + kind, command: []string{*python, "-c", pythonPeer, model, lines, last}})
		}
	}
	fmt.Printf("%d texts, %d processors, best of %d rounds of %v s\n", n, runtime.GOMAXPROCS(0), *rounds, *seconds)
	compare(all, *rounds)
}

// writeTexts writes a text a line, and returns their number.
func writeTexts(path, from string) int {
	in, err := os.Open(from)
	if err != nil {
		log.Fatal(err)
	}
	defer in.Close()
	var b strings.Builder
	n := 0
	for d := json.NewDecoder(bufio.NewReader(in)); d.More(); n++ {
		var patent struct{ Title, Abstract string }
		if err := d.Decode(&patent); err != nil {
			log.Fatalf("%s: %v", from, err)
		}
		b.WriteString(strings.Join(strings.Fields(patent.Title+" "+patent.Abstract), " ") + "\n")
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		log.Fatal(err)
	}
	return n
}

func since(start time.Time) float64 { return time.Since(start).Seconds() }
