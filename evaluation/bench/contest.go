package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// contestant is a process that is timed from its start to its end.
type contestant struct {
	name, does string
	command    []string
	best       cost
}

// cost is what a process took.
type cost struct{ wall, processor time.Duration }

// contestants are ours, and each peer in each way.
func contestants(self, script, qrels, run string) []*contestant {
	all := []*contestant{{name: "evaluation", does: "all metrics that a run has, per-query values, 1,000 bootstrap samples of each",
		command: []string{self, "measure", qrels, run}}}
	for _, name := range []string{"ranx", "ir_measures"} {
		for _, way := range [][2]string{
			{"means", "the 14 of these metrics that it has, means alone"},
			{"intervals", "the same 14, per-query values, 1,000 bootstrap samples by numpy"},
			{"start", "starting Python and importing it"},
		} {
			all = append(all, &contestant{name: name + " " + way[0], does: way[1], command: []string{"python3", script, name, way[0], qrels, run}})
		}
	}
	return all
}

// chosen is the first and, of the others, those whose name begins with prefix.
func chosen(all []*contestant, prefix string) []*contestant {
	first := all[0]
	return slices.DeleteFunc(all, func(c *contestant) bool { return c != first && !strings.HasPrefix(c.name, prefix) })
}

// compare runs all in turn, so that what disturbs the machine disturbs all.
func compare(all []*contestant, rounds int) {
	for range rounds {
		for _, c := range all {
			took := timed(c.command)
			if c.best.wall == 0 || took.wall < c.best.wall {
				c.best.wall = took.wall
			}
			if c.best.processor == 0 || took.processor < c.best.processor {
				c.best.processor = took.processor
			}
		}
	}
	ours := all[0].best
	for _, c := range all {
		fmt.Printf("%-22s %8.2f s %6.1f times ours  (processor %7.2f s, %5.1f times)  %s\n", c.name, c.best.wall.Seconds(),
			ratio(c.best.wall, ours.wall), c.best.processor.Seconds(), ratio(c.best.processor, ours.processor), c.does)
	}
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }

func timed(command []string) cost {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		log.Fatalf("%s: %v", command[0], err)
	}
	return cost{time.Since(start), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
}
