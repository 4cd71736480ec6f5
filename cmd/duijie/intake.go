package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/intake"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quantity"
	"github.com/duijie/duijie/internal/server/wire"
)

type intakeCmd struct {
	dataFlags
	langFlag
	Demand string `help:"Id of a stored demand. 需求编号。" xor:"source" required:"" placeholder:"ID"`
	Text   string `help:"Text of a demand; - reads standard input. 直接输入需求文字。" xor:"source" required:"" placeholder:"TEXT"`
	File   string `help:"File with the text of one demand. 需求文本文件。" xor:"source" required:"" placeholder:"FILE" type:"path"`
	Title  string `help:"Title of the text. 文字的标题。"`
	JSON   bool   `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

func (c *intakeCmd) Run(ctx context.Context) error {
	d, revision, err := c.demand(ctx)
	if err != nil {
		return err
	}
	report := intake.Analyze(d.Texts())
	if c.JSON {
		return printJSON(os.Stdout, &pb.AnalyzeDemandResponse{Id: d.ID, Revision: revision, Intake: wire.ToIntake(report)})
	}
	return printIntake(os.Stdout, report, c.langFlag)
}

// demand gives the demand to read; one that is not stored has no id.
func (c *intakeCmd) demand(ctx context.Context) (match.Demand, int64, error) {
	if c.Demand != "" {
		return c.stored(ctx)
	}
	body := c.Text
	raw, err := []byte(nil), error(nil)
	switch {
	case c.File != "":
		raw, err = os.ReadFile(c.File)
	case c.Text == "-":
		raw, err = io.ReadAll(os.Stdin)
	}
	if err != nil {
		return match.Demand{}, 0, err
	}
	if raw != nil {
		body = strings.TrimSpace(strings.TrimPrefix(string(raw), "\uFEFF"))
	}
	checked := match.Demand{ID: "cli", Title: c.Title, Text: body}
	if err := checked.Validate(); err != nil {
		return match.Demand{}, 0, err
	}
	return match.Demand{Title: c.Title, Text: body}, 0, nil
}

func (c *intakeCmd) stored(ctx context.Context) (match.Demand, int64, error) {
	in, err := c.openToRead(ctx)
	if err != nil {
		return match.Demand{}, 0, err
	}
	defer in.Close()
	found, err := in.Store.Get(ctx, []match.Ref{{Tenant: match.DefaultTenant, Kind: match.DemandKind, ID: c.Demand}})
	if err != nil {
		return match.Demand{}, 0, err
	}
	if found[0] == nil {
		return match.Demand{}, 0, &match.Error{Kind: match.NotFound, Record: "demand " + c.Demand, Reason: "there is no such record"}
	}
	return *found[0].Demand, found[0].Revision, nil
}

// printIntake writes a report for people.
func printIntake(w io.Writer, r *intake.Report, lang langFlag) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s\n", lang.pick(match.LocalText{ZH: "完整度：", EN: "Completeness: "}), r.Grade)
	if len(r.Flags) > 0 {
		fmt.Fprintf(&b, "%s%s\n", lang.pick(match.LocalText{ZH: "疑似问题：", EN: "Flags: "}), joinWords(r.Flags, lang))
	}
	if len(r.Elements) > 0 {
		b.WriteString("\n" + lang.pick(match.LocalText{ZH: "要素", EN: "Elements"}) + "\n")
	}
	for _, k := range intake.Kinds {
		for _, e := range r.Elements {
			if e.Kind == k {
				fmt.Fprintf(&b, "  %s  %s  %s\n", pad(lang.pick(k.Words()), 12), pad(place(e.Field, e.Start, e.End), 14), clip(e.Text, 60))
			}
		}
	}
	writeQuantities(&b, r, lang)
	if len(r.Missing) > 0 {
		fmt.Fprintf(&b, "\n%s%s\n", lang.pick(match.LocalText{ZH: "缺少：", EN: "Missing: "}), joinWords(r.Missing, lang))
	}
	for _, s := range r.Suggestions {
		fmt.Fprintf(&b, "  - %s\n", lang.pick(s))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeQuantities(b *strings.Builder, r *intake.Report, lang langFlag) {
	for _, role := range []quantity.Role{quantity.Requirement, quantity.Context} {
		head := quantityHeads[role]
		for _, q := range r.Quantities {
			if q.Role != role {
				continue
			}
			if head.EN != "" {
				b.WriteString("\n" + lang.pick(head) + "\n")
				head = match.LocalText{}
			}
			fmt.Fprintf(b, "  %s  %s  %s\n", pad(clip(q.Property, 16), 20), pad(place(q.Field, q.Start, q.End), 14), amount(&q.Quantity, lang))
		}
	}
}

var quantityHeads = map[quantity.Role]match.LocalText{
	quantity.Requirement: {ZH: "量化指标", EN: "Quantified requirements"},
	quantity.Context:     {ZH: "其他数量（现状、投入等）", EN: "Other quantities (how things are, investment)"},
}

func place(field string, start, end int) string { return fmt.Sprintf("%s %d-%d", field, start, end) }

// amount writes a quantity: ≥ 67 %.
func amount(q *quantity.Quantity, lang langFlag) string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 12, 64) }
	value := number(q.Low)
	switch {
	case q.Comparison == quantity.Within:
		value = "±" + number(q.Tolerance)
	case q.Comparison == quantity.Range:
		value += " – " + number(q.High)
	case q.Tolerance != 0:
		value += " ± " + number(q.Tolerance)
	}
	if q.Unit.Symbol != "1" {
		value += " " + q.Unit.Symbol
	}
	return strings.TrimSpace(lang.pick(changeWords[q.Change]) + " " + strings.TrimSpace(comparisonSigns[q.Comparison]+" "+value))
}

var comparisonSigns = map[quantity.Comparison]string{
	quantity.Equal: "=", quantity.AtLeast: "≥", quantity.Above: ">", quantity.AtMost: "≤", quantity.Below: "<", quantity.About: "≈",
}

var changeWords = map[quantity.Change]match.LocalText{
	quantity.Increase: {ZH: "提高", EN: "up"},
	quantity.Decrease: {ZH: "降低", EN: "down"},
}

// joinWords names flags or kinds for people.
func joinWords[T interface{ Words() match.LocalText }](list []T, lang langFlag) string {
	var out []string
	for _, one := range list {
		out = append(out, lang.pick(one.Words()))
	}
	return strings.Join(out, lang.pick(match.LocalText{ZH: "、", EN: ", "}))
}
