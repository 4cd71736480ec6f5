package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/duijie/duijie/internal/match"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// printJSON writes m as the HTTP API would, indented, with a fixed layout.
func printJSON(w io.Writer, m proto.Message) error {
	raw, err := protojson.MarshalOptions{UseProtoNames: true, EmitDefaultValues: true}.Marshal(m)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err = out.WriteTo(w)
	return err
}

// printAnswer writes an answer for people.
func printAnswer(w io.Writer, a *match.Answer, lang langFlag) error {
	var b strings.Builder
	for _, d := range a.Degraded {
		b.WriteString(lang.pick(match.LocalText{ZH: "注意：部分功能不可用：", EN: "Note: not everything took part: "}) + d + "\n")
	}
	writeSupply(&b, a.Supply, len(a.Hits) > 0, lang)
	if len(a.Hits) == 0 && a.Supply == nil {
		b.WriteString(lang.pick(match.LocalText{ZH: "没有符合条件的结果。\n", EN: "Nothing meets the conditions.\n"}))
	}
	if a.Versions.Rival != "" {
		b.WriteString(lang.pick(match.LocalText{
			ZH: fmt.Sprintf("交错试点：%s 与 %s 轮流选出结果，得分只在同一模型之内可比。\n", a.Versions.Ranker, a.Versions.Rival),
			EN: fmt.Sprintf("Interleaved: %s and %s pick hits in turn; scores compare within one of them.\n", a.Versions.Ranker, a.Versions.Rival),
		}))
	}
	for i := range a.Hits {
		writeHit(&b, &a.Hits[i], lang)
	}
	writeShaped(&b, a.Shaped, lang)
	if a.Calibration != nil && len(a.Hits) > 0 {
		b.WriteString(calibrationLine(a.Calibration, lang) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeHit(b *strings.Builder, h *match.Hit, lang langFlag) {
	fmt.Fprintf(b, "%3d  %.3f  %s  %s\n", h.Rank, h.Score.Value, pad(h.Record.ID, 15), title(&h.Record))
	if about := about(&h.Record, lang); about != "" {
		fmt.Fprintf(b, "            %s\n", about)
	}
	if h.Model != "" {
		fmt.Fprintf(b, "            %s%s\n", lang.pick(match.LocalText{ZH: "评分模型：", EN: "scored by "}), h.Model)
	}
	writeFit(b, &h.Score, lang)
	writePlacement(b, h.Placement, lang)
	x := h.Explanation
	if x == nil {
		return
	}
	fmt.Fprintf(b, "            %s%s\n", lang.pick(match.LocalText{ZH: "理由：", EN: "Why: "}), lang.pick(x.Summary))
	if len(x.Elements) > 0 {
		writeElements(b, h, lang)
		return
	}
	for _, e := range x.Evidence {
		fmt.Fprintf(b, "            %s「%s」\n          %s%s「%s」 (%.2f)\n",
			lang.pick(match.LocalText{ZH: "需求", EN: "demand"}), clip(e.Demand.Text, 60), "↔ ",
			lang.pick(match.LocalText{ZH: "专利", EN: "patent"}), clip(e.Patent.Text, 60), e.Similarity)
	}
}

func title(r *match.Record) string {
	if r.Kind == match.PatentKind {
		return r.Patent.Title
	}
	if r.Demand.Title == "" {
		return clip(r.Demand.Text, 40)
	}
	return r.Demand.Title
}

// about gives what a reader wants to know of a record at a glance.
func about(r *match.Record, lang langFlag) string {
	var parts []string
	if p := r.Patent; p != nil {
		for _, a := range p.Applicants {
			parts = append(parts, a.Name)
		}
		parts = append(parts, lang.pick(p.LegalStatus.Words()))
		for _, m := range p.TransferModes {
			parts = append(parts, lang.pick(m.Words()))
		}
	}
	if d := r.Demand; d != nil {
		if d.IsConfidential("enterprise.name") {
			parts = append(parts, lang.pick(match.LocalText{ZH: "（企业名称保密）", EN: "(name confidential)"}))
		} else {
			parts = append(parts, d.Enterprise.Name)
		}
		for _, m := range d.TransferModes {
			parts = append(parts, lang.pick(m.Words()))
		}
	}
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}

// clip cuts s to n code points and flattens its white space.
func clip(s string, n int) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n]) + "…"
}

// pad fills s with blanks to a width of terminal columns.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-columns(s)))
}

// columns is how many columns of a terminal s takes.
func columns(s string) (n int) {
	for _, r := range s {
		n++
		if unicode.In(r, unicode.Han) || r >= 0xFF01 && r <= 0xFF5E {
			n++
		}
	}
	return n
}

// writeTable writes rows of cells, each column as wide as its widest cell and two blanks from
// the next one.
func writeTable(w io.Writer, rows [][]string) error {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			line += pad(cell, widths[i]+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// headers splits the headers of a table at the bars.
func (l langFlag) headers(zh, en string) []string {
	return strings.Split(l.pick(match.LocalText{ZH: zh, EN: en}), "|")
}
