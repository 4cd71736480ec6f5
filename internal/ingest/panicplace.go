package ingest

import (
	"bytes"
	"path/filepath"
)

// panicPlace finds the file and line of a panic in a stack, for the error that
// its maintainers can use: the first place behind the runtime's own frames.
func panicPlace(stack []byte) string {
	panicked := false
	for line := range bytes.Lines(stack) {
		switch {
		case bytes.HasPrefix(line, []byte("panic(")):
			panicked = true
		case panicked && line[0] == '\t' && !bytes.Contains(line, []byte("/src/runtime/")):
			place, _, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
			return filepath.Base(string(place))
		}
	}
	return "an unknown place"
}
