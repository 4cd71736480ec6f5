package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
)

// jsonList writes one document with a list, entry by entry: {"name": [...]}. A failure to
// write is that of w.Flush.
type jsonList struct {
	w    *bufio.Writer
	name string
	n    int
}

func (l *jsonList) add(v any) error {
	var raw bytes.Buffer
	enc := json.NewEncoder(&raw)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	separator := ",\n"
	if l.n++; l.n == 1 {
		separator = fmt.Sprintf("{%q: [\n", l.name)
	}
	l.w.WriteString(separator)
	l.w.Write(bytes.TrimSuffix(raw.Bytes(), []byte("\n")))
	return nil
}

// end ends the document, which is whole without any entry too.
func (l *jsonList) end() {
	if l.n == 0 {
		fmt.Fprintf(l.w, "{%q: []}\n", l.name)
		return
	}
	l.w.WriteString("\n]}\n")
}
