package registry

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/gate"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/split"
	"github.com/duijie/duijie/evaluation/statistic"
	"github.com/duijie/duijie/internal/contender"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/retrieve"
)

// The rules of the gate: nDCG@10, as everywhere.
const (
	winRule = "ndcg@10 p<0.05"
	// Margin is how large the 95 % bound of the loss in another sector may be.
	Margin = 0.02
	// LeastClusters is how many groups of demands that are no near twins of each other a
	// decision takes.
	LeastClusters = 10
)

// names of the two sides in a decision.
const (
	baselineName  = "in production"
	candidateName = "candidate"
)

// Judge measures a candidate and what it would replace on frozen datasets, and decides.
func (r *Registry) Judge(ctx context.Context, p Promotion, tell func(done, total int)) (*gate.Decision, error) {
	v, err := r.Version(ctx, p.Model)
	if err != nil {
		return nil, err
	}
	candidate, err := r.load(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	baseline := r.below(p.Alias)
	d, err := r.dataset(ctx, p.Datasets)
	if err != nil {
		return nil, err
	}
	j := &judging{promotion: p, baseline: baseline.Identity(), candidate: candidate.Identity()}
	if err := j.measure(ctx, r, d, baseline, candidate, tell); err != nil {
		return nil, err
	}
	failed, err := r.failed(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	j.remember(failed)
	return j.decide(), nil
}

// below is what answers now where an alias is used: its version, else that of national.
func (r *Registry) below(alias string) rank.Ranker {
	l := r.Lineup()
	if ranker, _ := l.Ranker(alias); ranker != nil {
		return ranker
	}
	ranker, _ := l.Ranker(National)
	return ranker
}

// judging is one decision on its way.
type judging struct {
	promotion           Promotion
	baseline, candidate string
	checks              []gate.Check
	// named are checks that an override must name: of sectors too small to decide, in which the
	// candidate seems to lose more than Margin, and those that failed when they were last measured.
	named map[string]bool
}

func (j *judging) check(name string, v statistic.Verdict, reason string, args ...any) {
	j.checks = append(j.checks, gate.Check{Name: name, Verdict: v, Reason: fmt.Sprintf(reason, args...)})
}

// decide applies the overrides and joins the checks.
func (j *judging) decide() *gate.Decision {
	d := &gate.Decision{Baseline: j.baseline, Candidate: j.candidate, Verdict: statistic.Pass, Checks: j.checks}
	for i := range d.Checks {
		c := &d.Checks[i]
		for _, o := range j.promotion.Overrides {
			if c.Verdict == statistic.Undecided && (o.Check == c.Name || o.Check == "all" && !j.named[c.Name]) && o.By != "" && o.Reason != "" {
				c.Verdict, c.Override = statistic.Pass, &o
			}
		}
		switch c.Verdict {
		case statistic.Fail:
			d.Verdict = statistic.Fail
		case statistic.Undecided:
			if d.Verdict == statistic.Pass {
				d.Verdict = statistic.Undecided
			}
		}
	}
	return d
}

// measure runs both rankers where the alias is used and elsewhere.
func (j *judging) measure(ctx context.Context, r *Registry, d *evaluation.Dataset, baseline, candidate rank.Ranker, tell func(done, total int)) error {
	own, other := part(d, j.promotion.Alias, true), part(d, j.promotion.Alias, false)
	if j.promotion.Alias == National {
		other = own // every sector is its own, and none may lose
	}
	o := contender.Options{Workers: r.config.Workers, Progress: tell}
	results := map[*evaluation.Dataset]*evaluation.Result{}
	masked := 0
	for _, of := range []*evaluation.Dataset{own, other} {
		if of.Queries() == 0 || results[of] != nil {
			continue
		}
		result, n, err := compare(ctx, of, r, baseline, candidate, o)
		if err != nil {
			return err
		}
		results[of], masked = result, masked+n
	}
	if masked > 0 {
		j.check("unseen pairs", statistic.Undecided, "the candidate was trained on %d of the pairs that it is measured by; they are masked, and it may still look too good", masked)
	}
	if err := j.win(own, results[own]); err != nil {
		return err
	}
	return j.harmless(other, results[other])
}

// compare measures both rankers on a dataset. masked counts pairs that the candidate was
// trained on.
func compare(ctx context.Context, d *evaluation.Dataset, r *Registry, baseline, candidate rank.Ranker, o contender.Options) (*evaluation.Result, int, error) {
	embedded, err := contender.Embed(ctx, d, r.config.Embedder(), o)
	if err != nil {
		return nil, 0, err
	}
	a, _, err := embedded.Run(baselineName, baseline, o)
	if err != nil {
		return nil, 0, err
	}
	b, masked, err := embedded.Run(candidateName, candidate, o)
	if err != nil {
		return nil, 0, err
	}
	a.Levels, b.Levels = nil, nil // they are not compared
	result, err := evaluation.EvaluateContext(ctx, d, []evaluation.Model{a, b}, evaluation.Options{
		Candidates: evaluation.CandidatesJudged, Compare: []string{"ndcg@10"}, Workers: o.Workers, Pool: evaluation.Pool{Size: -1},
		Slices: []evaluation.Slice{evaluation.ByAttribute(d, "sector")}, Clusters: split.Groups(d, split.NearTwins, split.BigramCosine(d)),
	})
	return result, masked, err
}

// win asks for a paired win where the alias is used.
func (j *judging) win(d *evaluation.Dataset, result *evaluation.Result) error {
	name := fmt.Sprintf("%s: %s", j.promotion.Alias, winRule)
	if result == nil {
		j.check(name, statistic.Undecided, "too small to decide: no frozen dataset has demands of %s", j.promotion.Alias)
		return nil
	}
	rule, err := gate.ParseRequirement(winRule)
	if err != nil {
		return err
	}
	decision, err := gate.Decide(result, baselineName, candidateName, gate.Rules{Require: []gate.Requirement{rule}})
	if err != nil {
		return err
	}
	c := decision.Checks[0]
	if n := clusters(result); n < LeastClusters {
		c.Verdict, c.Reason = statistic.Undecided, fmt.Sprintf("too small to decide: %d groups of demands, %d are needed; %s", n, LeastClusters, c.Reason)
	}
	j.check(name, c.Verdict, "%s", c.Reason)
	return nil
}

// clusters counts the groups of demands that nDCG@10 was compared over.
func clusters(result *evaluation.Result) int {
	for _, c := range result.Comparisons {
		if c.Metric == "ndcg@10" {
			return c.Clusters
		}
	}
	return 0
}

// harmless asks for non-inferiority in every other sector.
func (j *judging) harmless(d *evaluation.Dataset, result *evaluation.Result) error {
	if result == nil || len(result.Slices) == 0 {
		j.check("other sectors", statistic.Undecided, "too small to decide: no frozen dataset has demands of other sectors")
		return nil
	}
	rule := gate.NonInferiority{Text: fmt.Sprintf("sector:%g", Margin), Attribute: "sector", Metric: "ndcg@10", Margin: Margin}
	decision, err := gate.Decide(result, baselineName, candidateName, gate.Rules{NonInferior: []gate.NonInferiority{rule}, MinClusters: LeastClusters})
	if err != nil {
		return err
	}
	j.named = losing(result, rule)
	for _, c := range decision.Checks {
		if c.Verdict == statistic.Undecided && j.named[c.Name] {
			c.Reason += fmt.Sprintf(", a loss of more than %g: an override must name this check", Margin)
		}
		j.checks = append(j.checks, c)
	}
	return nil
}

// losing names the checks of sectors in which the candidate's mean is lower by more than
// the margin, whatever the interval.
func losing(result *evaluation.Result, rule gate.NonInferiority) map[string]bool {
	out := map[string]bool{}
	for _, s := range result.Slices {
		for _, c := range s.Comparisons {
			if s.Attribute != rule.Attribute || c.Metric != rule.Metric || !c.Difference.Known() {
				continue
			}
			gain := c.Difference.Float()
			if c.Baseline == candidateName {
				gain = -gain
			}
			if gain < -rule.Margin {
				out[fmt.Sprintf("%s=%s/%s:%g", s.Attribute, s.Value, rule.Metric, rule.Margin)] = true
			}
		}
	}
	return out
}

// unknownSector stands for demands without one: they are a group that must not lose
// either.
const unknownSector = "(none)"

// dataset makes one of the frozen ones of these names, or of all that are in use.
func (r *Registry) dataset(ctx context.Context, names []string) (*evaluation.Dataset, error) {
	all, err := r.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if d, err := named(all, name); err != nil {
			return nil, err
		} else if d.Retired {
			return nil, &match.Error{Kind: match.Conflict, Record: "dataset " + name, Reason: "is retired: nothing is measured by it"}
		}
	}
	out := evaluation.NewDataset(metric.Levels4)
	owners := map[match.Ref]string{} // tenants, by kind and id
	for _, of := range all {
		if of.Retired || len(names) > 0 && !slices.Contains(names, of.Name) {
			continue
		}
		pairs, err := r.frozen(ctx, of.Name)
		if err != nil {
			return nil, err
		}
		if err := r.fill(ctx, out, of.Tenant, pairs, owners); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fill adds the pairs of a dataset with the texts of their revisions. A pair that is there
// already keeps its first level. Records of a tenant whose ids another tenant's have are
// told apart.
func (r *Registry) fill(ctx context.Context, d *evaluation.Dataset, tenant string, pairs []frozenPair, owners map[match.Ref]string) error {
	name := func(kind match.Kind, id string) string {
		at := match.Ref{Kind: kind, ID: id}
		if owners[at] == "" {
			owners[at] = tenant
		}
		if owners[at] != tenant {
			return tenant + "/" + id
		}
		return id
	}
	for _, p := range pairs {
		id := name(match.DemandKind, p.Demand)
		q, known := d.QueryIndex(id)
		if !known {
			record, err := r.config.Store.Revision(ctx, ref(tenant, match.DemandKind, p.Demand), p.DemandRevision)
			if err != nil {
				return err
			}
			query := r.queryOf(record)
			query.ID = id
			if q, err = d.AddQuery(query); err != nil {
				return err
			}
		}
		number := name(match.PatentKind, p.Patent)
		doc, known := d.DocumentIndex(number)
		if !known {
			record, err := r.config.Store.Revision(ctx, ref(tenant, match.PatentKind, p.Patent), p.PatentRevision)
			if err != nil {
				return err
			}
			t := record.Texts()
			if doc, err = d.AddDocument(evaluation.Document{ID: number, Title: t.Title, Text: t.Body}); err != nil {
				return err
			}
		}
		if slices.ContainsFunc(d.Judgements(q), func(j evaluation.Judgement) bool { return j.Document == doc }) {
			continue
		}
		if err := d.Judge(q, doc, int(p.Level)); err != nil {
			return err
		}
	}
	return nil
}

func (r *Registry) queryOf(record *match.Record) evaluation.Query {
	t := retrieve.Sent(r.config.Embedder(), record).Texts()
	attributes := map[string]string{"sector": record.Sector(), "tenant": record.Tenant}
	if attributes["sector"] == "" {
		attributes["sector"] = unknownSector
	}
	if region := record.Demand.Enterprise.Region; len(region) >= 2 {
		attributes["region"] = region[:2]
	}
	return evaluation.Query{ID: record.ID, Title: t.Title, Text: t.Body, Attributes: attributes}
}

// part is the queries where an alias is used, or the others, with their documents.
func part(d *evaluation.Dataset, alias string, own bool) *evaluation.Dataset {
	out := evaluation.NewDataset(d.Scale())
	for q := range int32(d.Queries()) {
		query := d.Query(q)
		if used(alias, query.Attributes) != own {
			continue
		}
		to, _ := out.AddQuery(query) // it was added to the other one
		for _, j := range d.Judgements(q) {
			doc := d.Document(j.Document)
			at, known := out.DocumentIndex(doc.ID)
			if !known {
				at, _ = out.AddDocument(doc)
			}
			_ = out.Judge(to, at, int(j.Level))
		}
	}
	return out
}

// used tells whether an alias is used for a query.
func used(alias string, attributes map[string]string) bool {
	for prefix, attribute := range map[string]string{SectorOf: "sector", RegionOf: "region", TenantOf: "tenant"} {
		if name, ok := strings.CutPrefix(alias, prefix); ok {
			return attributes[attribute] == name
		}
	}
	return true // national
}
