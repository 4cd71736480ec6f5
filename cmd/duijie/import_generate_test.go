package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/text"
)

// writer makes patents by recombining the sentences of the sample: titles of the
// sample with a number, abstracts of about 200 characters.
type writer struct {
	random    *rand.Rand
	titles    []string
	sentences []string
	patents   []match.Patent
}

func newWriter(tb testing.TB) *writer {
	s, err := sample.Load()
	if err != nil {
		tb.Fatal(err)
	}
	w := &writer{random: rand.New(rand.NewPCG(1, 2)), patents: s.Patents}
	for _, p := range s.Patents {
		w.titles = append(w.titles, p.Title)
		runes := []rune(p.Abstract)
		for _, sentence := range text.Sentences(p.Abstract) {
			w.sentences = append(w.sentences, string(runes[sentence.Start:sentence.End]))
		}
	}
	return w
}

func (w *writer) patent(n int) match.Patent {
	p := w.patents[w.random.IntN(len(w.patents))]
	p.Number = fmt.Sprintf("CN%09dA", n)
	p.Title = fmt.Sprintf("%s（%d）", w.titles[w.random.IntN(len(w.titles))], n)
	var b strings.Builder
	for b.Len() < 600 { // 200 Chinese characters
		b.WriteString(w.sentences[w.random.IntN(len(w.sentences))])
	}
	p.Abstract = string([]rune(b.String())[:min(200, len([]rune(b.String())))])
	p.Claims, p.Attributes = "", nil
	return p
}

// generate writes a file of n rows, once a run.
func generate(tb testing.TB, format string, n int) string {
	tb.Helper()
	path := filepath.Join(os.TempDir(), fmt.Sprintf("duijie-bench-%d.%s", n, format))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	f, err := os.Create(path + ".part")
	if err != nil {
		tb.Fatal(err)
	}
	out := bufio.NewWriterSize(f, 1<<20)
	w, table := newWriter(tb), csv.NewWriter(out)
	if format == "csv" {
		err = table.Write(strings.Split("公开号,专利名称,摘要,申请人,地区,IPC分类号,申请日,法律状态", ","))
	}
	for i := 0; i < n && err == nil; i++ {
		p := w.patent(i)
		if format == "jsonl" {
			err = ingest.WriteJSONL(out, match.NewPatent(match.DefaultTenant, p))
			continue
		}
		var holders []string
		for _, a := range p.Applicants {
			holders = append(holders, a.Name)
		}
		err = table.Write([]string{p.Number, p.Title, p.Abstract, strings.Join(holders, ";"), p.Region, strings.Join(p.IPC, ";"), string(p.FilingDate), string(p.LegalStatus)})
	}
	table.Flush()
	if err = errors.Join(err, table.Error(), out.Flush(), f.Close(), os.Rename(path+".part", path)); err != nil {
		tb.Fatal(err)
	}
	return path
}
