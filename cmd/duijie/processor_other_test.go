//go:build !linux

package main

import "time"

// processorTime is not measured here.
func processorTime() time.Duration { return 0 }

// watchMemory measures nothing here.
func watchMemory() (peak func() int64) { return func() int64 { return 0 } }
