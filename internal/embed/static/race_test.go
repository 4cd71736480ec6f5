//go:build race

package static

// The race detector makes sync.Pool drop what it holds.
const raceEnabled = true
