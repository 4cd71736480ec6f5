package main

import (
	"fmt"
	"strings"

	"github.com/duijie/duijie/internal/intake"
	"github.com/duijie/duijie/internal/match"
)

// writeElements writes what the demand asks for with its verdicts, what the patent offers
// besides, and, where the hit is a demand, what the patent's holder wants to know of it. The
// pairs of clauses and the legs' places in the reference sample are for the API.
func writeElements(b *strings.Builder, h *match.Hit, lang langFlag) {
	x := h.Explanation
	for _, e := range x.Elements {
		fmt.Fprintf(b, "            %s %s %s「%s」 %s\n", verdictMarks[e.Verdict], pad(lang.pick(e.Verdict.Words()), 12),
			lang.pick(intake.Kind(e.Kind).Words()), clip(e.Demand.Text, 40), lang.pick(e.Note))
		writeReview(b, "              ", &e, lang)
	}
	for _, o := range x.Offers {
		fmt.Fprintf(b, "            + %s\n", lang.pick(o.Note))
	}
	for _, s := range x.Wording {
		fmt.Fprintf(b, "            » %s\n", lang.pick(s.Text))
	}
	if h.Record.Kind != match.DemandKind {
		return
	}
	writeLines(b, match.LocalText{ZH: "对专利权人", EN: "For the holder"}, x.Holder.Wanted, lang)
	writeLines(b, match.LocalText{ZH: "尚缺", EN: "Still missing"}, x.Holder.Gaps, lang)
}

// writeReview writes what a chat model says of an element, where it was asked.
func writeReview(b *strings.Builder, indent string, e *match.ElementMatch, lang langFlag) {
	if e.Review == nil {
		return
	}
	head := match.LocalText{ZH: "模型复核", EN: "the model says"}
	fmt.Fprintf(b, "%s%s %s %s", indent, lang.pick(head), verdictMarks[e.Review.Verdict], lang.pick(e.Review.Verdict.Words()))
	for _, s := range e.Review.Patent {
		fmt.Fprintf(b, "「%s」", clip(s.Text, 40))
	}
	b.WriteByte('\n')
}

func writeLines(b *strings.Builder, head match.LocalText, lines []match.LocalText, lang langFlag) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "            %s%s\n", lang.pick(head), lang.pick(match.LocalText{ZH: "：", EN: ":"}))
	for _, l := range lines {
		fmt.Fprintf(b, "              – %s\n", lang.pick(l))
	}
}

var verdictMarks = map[match.Verdict]string{match.Covered: "✓", match.Partly: "≈", match.Contradicted: "✗", match.Missing: "?"}
