package main

import (
	"os"

	"golang.org/x/term"
)

// width is the number of columns of a terminal; 0 where out is a file or a pipe, so
// that lines stay whole.
func width(out *os.File) int {
	columns, _, err := term.GetSize(int(out.Fd()))
	if err != nil {
		return 0
	}
	return columns
}
