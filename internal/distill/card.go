package distill

import (
	"fmt"
	"strings"
)

// Source is a file that a model was made from, for its card.
type Source struct {
	What    string // such as "word list"
	Name    string // the file's name without its folder, or the teacher's identity
	Digest  string // SHA-256 in hexadecimal; empty where there is none
	Licence string // empty where nobody has said
}

// Card tells in Markdown what a model is, how it was made and what from. Note, also
// Markdown, comes last: what was measured, what the model cannot do.
func Card(r *Result, o Options, sources []Source, note string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s, a static embedding model\n\n", o.Name)
	fmt.Fprintf(&b, "%d words, characters, Latin pieces, units and digits; %d dimensions, int8, in the order of\n", len(r.Entries), r.Dims)
	fmt.Fprintf(&b, "what they tell. Texts are folded for width and case, cut by longest match, and are the\n")
	fmt.Fprintf(&b, "normalised mean of their entries, weighted by a/(a+p) with a = %g.\n\n", o.SIF)
	fmt.Fprintf(&b, "## Made from\n\n| what | which | SHA-256 | licence |\n|---|---|---|---|\n")
	for _, s := range sources {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cell(s.What), cell(s.Name), cell(clip(s.Digest)), cell(stated(s.Licence)))
	}
	fmt.Fprintf(&b, "\nNo label was read. The texts are not contained and cannot be had back; single words\nand Latin terms that occur in them are.\n")
	fmt.Fprintf(&b, "\n## Made how\n\n")
	fmt.Fprintf(&b, "1. Entries: the teacher's characters and Latin pieces, the glossary of foreign terms,\n   digits, Latin words found twice; then the words of the texts by how often they\n   occur; then the word list by frequency.\n")
	fmt.Fprintf(&b, "2. The teacher's vector of each entry (of a glossary term: of its Chinese words),\n   centred, on the %d axes of greatest variance.\n", r.Dims)
	fmt.Fprintf(&b, "3. One linear map of all entries (penalty %g), then ridge regression of each\n   (penalty %g) towards the teacher's vectors of %d texts and, at weight %g, of %d words\n   of the list that are no entries (seed %d). It explains %.1f %% of the variance of the texts.\n", o.Map, o.Ridge, r.Texts, o.ExtraBy, r.Extra, o.Seed, 100*r.Fit)
	fmt.Fprintf(&b, "4. Turned to the principal axes of the texts' vectors, each divided by its variance to\n   the power of %g.\n5. Rounded to int8, each vector with a scale of its own.\n", o.Whiten/2)
	if note = strings.TrimSpace(note); note != "" {
		fmt.Fprintf(&b, "\n%s\n", note)
	}
	return b.String()
}

// cell keeps a text from breaking the table.
func cell(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", "\\|")
}

func clip(digest string) string { return digest[:min(len(digest), 16)] }

func stated(licence string) string {
	if licence == "" {
		return "not stated"
	}
	return licence
}
