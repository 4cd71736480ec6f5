package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
)

// measure embeds the lines of a file by all processors, again and again, and prints
// texts, seconds, and seconds of processor time, as the peers do.
func measure(path string, seconds float64) {
	data, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	m, err := static.Builtin()
	if err != nil {
		log.Fatal(err)
	}
	texts := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	pass(m, texts)
	done, before, start := 0, processor(), time.Now()
	for since(start) < seconds {
		pass(m, texts)
		done += len(texts)
	}
	fmt.Println(done, since(start), processor()-before)
}

// pass embeds all texts once, an equal part by each processor.
func pass(m *static.Model, texts []string) {
	var wg sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for i := range n {
		part := texts[len(texts)*i/n : len(texts)*(i+1)/n]
		wg.Go(func() {
			if _, err := m.Embed(context.Background(), embed.Document, part); err != nil {
				log.Fatal(err)
			}
		})
	}
	wg.Wait()
}
