package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
)

// contestant is a program that prints texts, seconds and processor seconds.
type contestant struct {
	name      string
	command   []string
	rate      float64 // texts a second by the clock, of the best round
	worst     float64 // of the worst
	processor float64 // texts a second of processor time, of the best round
}

// compare runs all in turn, and prints each beside the first.
func compare(all []*contestant, rounds int) {
	for range rounds {
		for _, c := range all {
			c.run()
		}
	}
	ours := all[0]
	for _, c := range all {
		fmt.Printf("%-18s %9.0f texts/s (worst round %9.0f)   ours is %5.2f times as fast   %9.0f a second of processor time, %5.2f times\n",
			c.name, c.rate, c.worst, ours.rate/c.rate, c.processor, ours.processor/c.processor)
	}
}

func (c *contestant) run() {
	cmd := exec.Command(c.command[0], c.command[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		log.Fatalf("%s: %v", c.name, err)
	}
	var texts, seconds, processor float64
	if _, err := fmt.Sscan(string(out), &texts, &seconds, &processor); err != nil {
		log.Fatalf("%s printed %q: %v", c.name, out, err)
	}
	rate := texts / seconds
	if c.worst == 0 || rate < c.worst {
		c.worst = rate
	}
	c.rate = max(c.rate, rate)
	c.processor = max(c.processor, texts/processor)
}
