package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// writeOutline writes a value as its JSON form has it, for people: a field a line, in its
// order, what is inside further to the right, and lists of plain values on one line.
func writeOutline(w io.Writer, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var out strings.Builder
	o := outline{in: json.NewDecoder(bytes.NewReader(raw)), out: &out}
	o.in.UseNumber()
	if err := o.value(0); err != nil {
		return err
	}
	_, err = io.WriteString(w, strings.TrimPrefix(out.String(), "\n"))
	return err
}

type outline struct {
	in  *json.Decoder
	out *strings.Builder
}

// value writes what comes next, behind the name of its field.
func (o *outline) value(depth int) error {
	token, err := o.in.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		return o.object(depth)
	case json.Delim('['):
		return o.list(depth)
	}
	_, err = fmt.Fprintf(o.out, " %s\n", plain(token))
	return err
}

func (o *outline) object(depth int) error {
	o.out.WriteByte('\n')
	for o.in.More() {
		name, err := o.in.Token()
		if err != nil {
			return err
		}
		fmt.Fprintf(o.out, "%s%s:", strings.Repeat("  ", depth), name)
		if err := o.value(depth + 1); err != nil {
			return err
		}
	}
	_, err := o.in.Token()
	return err
}

// list writes plain values on one line, and others each behind a dash.
func (o *outline) list(depth int) error {
	var all []json.RawMessage
	nested := false
	for o.in.More() {
		var one json.RawMessage
		if err := o.in.Decode(&one); err != nil {
			return err
		}
		all, nested = append(all, one), nested || one[0] == '{' || one[0] == '['
	}
	if _, err := o.in.Token(); err != nil {
		return err
	}
	if nested {
		o.out.WriteByte('\n')
	}
	for i, one := range all {
		if nested {
			fmt.Fprintf(o.out, "%s-", strings.Repeat("  ", depth))
		} else if i > 0 {
			o.out.WriteByte(',')
		}
		if err := o.inside(one, depth+1, nested); err != nil {
			return err
		}
	}
	if !nested {
		o.out.WriteByte('\n')
	}
	return nil
}

// inside writes a value of a list, on its own line or behind the one before.
func (o *outline) inside(raw json.RawMessage, depth int, ownLine bool) error {
	var text strings.Builder
	inner := outline{in: json.NewDecoder(bytes.NewReader(raw)), out: &text}
	inner.in.UseNumber()
	err := inner.value(depth)
	if ownLine {
		o.out.WriteString(text.String())
	} else {
		o.out.WriteString(strings.TrimSuffix(text.String(), "\n"))
	}
	return err
}

func plain(token any) string {
	if token == nil {
		return "–"
	}
	return fmt.Sprint(token)
}
