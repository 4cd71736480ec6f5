package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// processorTime is what the process has used so far of all processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// watchMemory looks at the anonymous memory of the process now and then, and returns a
// function that ends this and tells the largest value, in bytes.
func watchMemory() (peak func() int64) {
	stop, most := make(chan struct{}), make(chan int64)
	go func() {
		largest, tick := anonymousMemory(), time.NewTicker(100*time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				most <- largest
				return
			case <-tick.C:
				largest = max(largest, anonymousMemory())
			}
		}
	}()
	return func() int64 {
		close(stop)
		return <-most
	}
}

func anonymousMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "RssAnon:")
	kb, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.ParseInt(kb, 10, 64)
	return n << 10
}
