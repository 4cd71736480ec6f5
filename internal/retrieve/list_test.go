package retrieve_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/sample"
)

// shared is an instance with the sample for tests that write nothing.
func shared(t *testing.T) (*instance.Instance, *sample.Catalog) {
	t.Helper()
	sharing.once.Do(func() {
		var err error
		if sharing.dir, err = os.MkdirTemp("", "duijie-lists-"); err == nil {
			sharing.in, err = instance.Open(context.Background(), instance.Config{Data: sharing.dir, Now: sample.Now, Version: "test"})
		}
		if err == nil {
			sharing.sample, err = sample.Load()
		}
		if err != nil {
			t.Fatal(err)
		}
		put(t, sharing.in, sharing.sample.Records()...)
	})
	if sharing.in == nil {
		t.Fatal("the shared instance could not be made")
	}
	return sharing.in, sharing.sample
}

func TestMain(m *testing.M) {
	code := m.Run()
	if sharing.in != nil {
		sharing.in.Close()
	}
	os.RemoveAll(sharing.dir)
	os.Exit(code)
}

var sharing struct {
	once   sync.Once
	dir    string
	in     *instance.Instance
	sample *sample.Catalog
}

// shaped asks for a list of 100 hits.
func shaped(t testing.TB, in *instance.Instance, id string, s match.Shape) *match.Answer {
	t.Helper()
	req := request(match.DemandKind, id, 100)
	req.Shape = s
	return ask(t, in, req)
}

func scoresOf(a *match.Answer) map[string]float64 {
	out := map[string]float64{}
	for _, h := range a.Hits {
		out[h.Record.ID] = h.Score.Logit
	}
	return out
}

// whole is all pages of a request, which are of a size.
func whole(t testing.TB, in *instance.Instance, req match.Request, size int) (hits []match.Hit, last *match.Answer) {
	t.Helper()
	req.Limit, req.Offset, req.Snapshot = size, 0, ""
	for {
		a := ask(t, in, req)
		hits = append(hits, a.Hits...)
		if !a.More || len(hits) >= match.MaxDepth {
			return hits, a
		}
		req.Offset += size
		req.Limit = min(size, match.MaxDepth-req.Offset)
	}
}

func TestAHolderHasNoMoreHitsThanItsShareAndTheRestIsCounted(t *testing.T) {
	in, _ := shared(t)
	req := request(match.DemandKind, "D-BAT1", 100)
	plain, _ := whole(t, in, req, 100)
	for most := 1; most <= 3; most++ {
		req.Shape = match.Shape{MaxPerHolder: most}
		hits, a := whole(t, in, req, 100)
		count := map[string]int{}
		for _, h := range hits {
			count[h.Record.Patent.Applicants[0].Name]++
		}
		for holder, n := range count {
			if n > most {
				t.Errorf("%s has %d hits, at most %d were asked for", holder, n, most)
			}
		}
		want := map[string]int{}
		left := 0
		for _, h := range plain {
			if want[h.Record.Patent.Applicants[0].Name]++; want[h.Record.Patent.Applicants[0].Name] > most {
				left++
			}
		}
		if a.Shaped.OverCap != left || left == 0 || a.Shaped.Listed != len(plain)-left || a.Considered != len(plain) {
			t.Errorf("at most %d: %+v of %d, want %d left out", most, a.Shaped, a.Considered, left)
		}
	}
}

func TestFamiliesAndNearDuplicatesAreShownOnceAndNamed(t *testing.T) {
	in, _ := open(t, nil)
	body := "本发明公开了一种用于冷库叉车的磷酸铁锂电池低温电解液，由碳酸乙烯酯、羧酸酯和锂盐组成，在零下四十度下1C放电容量保持率为常温的百分之七十二，六十度循环一千次后容量保持率为百分之八十三。"
	patent := func(number, title, abstract, holder, family string) match.Record {
		return match.NewPatent(match.DefaultTenant, match.Patent{Number: number, Title: title, Abstract: abstract, Family: family,
			Applicants: []match.Applicant{{Name: holder, Kind: match.University}}})
	}
	put(t, in,
		patent("CN-F1", "冷库叉车铁锂电池低温电解液", body, "甲大学", "FAM-1"),
		patent("CN-F2", "铁锂电池低温放电的添加剂", "一种添加剂，使铁锂电池在零下四十度放电。", "乙大学", "FAM-1"),
		patent("CN-T1", "低温铁锂电池及其电解液", "铁锂电池在低温下放电的配方，含有羧酸酯。", "丙 大学", ""),
		patent("CN-T2", "低温铁锂电池，及其电解液", "改进了高温循环的铁锂配方，与前案不同。", "丙大学", ""),
		patent("CN-D1", "叉车用铁锂电池的耐低温电解液", body+"还可用于室外堆场。", "丁公司", ""),
		patent("CN-O1", "低温铁锂电池及其电解液", "另一家的铁锂电池配方，低温放电好。", "戊公司", ""),
	)
	a := shaped(t, in, "D-BAT1", match.Shape{Collapse: true})
	got := map[string]match.Collapsed{}
	by := map[string]string{}
	for _, h := range a.Hits {
		for _, c := range h.Placement.Collapsed {
			got[c.Ref.ID], by[c.Ref.ID] = c, h.Record.ID
			if c.Why.ZH == "" || c.Why.EN == "" {
				t.Errorf("%s was collapsed without a word", c.Ref.ID)
			}
		}
	}
	groups := map[match.CollapseReason][]string{match.SameFamily: {"CN-F1", "CN-F2"}, match.SameTitle: {"CN-T1", "CN-T2"}, match.NearDuplicate: {"CN-D1", "CN-F1"}}
	for reason, pair := range groups {
		found := false
		for i, id := range pair {
			c, hidden := got[id]
			found = found || hidden && c.Reason == reason && (by[id] == pair[1-i] || reason == match.NearDuplicate)
		}
		if !found {
			t.Errorf("%v are not one hit for %s: %v by %v", pair, reason, got, by)
		}
	}
	if by["CN-O1"] != "" || !slices.Contains(ids(a), "CN-O1") {
		t.Error("the same title of another holder was collapsed")
	}
	if a.Shaped.Collapsed < len(got) || a.Considered != a.Shaped.Listed+a.Shaped.Collapsed {
		t.Errorf("%+v of %d", a.Shaped, a.Considered)
	}
	for id := range got {
		if slices.Contains(ids(a), id) {
			t.Errorf("%s is both shown and collapsed", id)
		}
	}
}

func TestWhatADemandKeepsBackNeitherCollapsesNorCaps(t *testing.T) {
	in, _ := open(t, nil)
	demand := func(id, text string, confidential ...string) match.Record {
		return match.NewDemand(match.DefaultTenant, match.Demand{ID: id, Title: "鲸落电池隔膜涂覆", Text: text, Enterprise: match.Enterprise{Name: "鲸落公司"}, Confidential: confidential})
	}
	body := "鲸落隔膜涂覆线需要提高陶瓷浆料的附着力，剥离强度不低于三十牛每米。"
	put(t, in, demand("D-S1", body, "text"), demand("D-S2", body, "text", "enterprise.name"), demand("D-S3", body, "enterprise"), demand("D-P1", body), demand("D-P2", body))
	req := match.Request{Tenant: match.DefaultTenant, From: match.Ref{Tenant: match.DefaultTenant, Kind: match.PatentKind}, Limit: 100, Texts: match.Texts{Title: "鲸落电池隔膜涂覆", Body: body}}
	req.Shape.Collapse = true
	a := ask(t, in, req)
	for _, id := range []string{"D-S1", "D-S2"} {
		if !slices.Contains(ids(a), id) {
			t.Errorf("%s was collapsed: that tells of its text", id)
		}
	}
	if slices.Contains(ids(a), "D-P1") && slices.Contains(ids(a), "D-P2") {
		t.Error("two public copies are both shown")
	}
	req.Shape = match.Shape{MaxPerHolder: 1}
	a = ask(t, in, req)
	for _, id := range []string{"D-S2", "D-S3"} {
		if !slices.Contains(ids(a), id) {
			t.Errorf("%s was left out: that tells whose it is", id)
		}
	}
	req.Shape = match.Shape{Facets: true}
	put(t, in, match.NewDemand(match.DefaultTenant, match.Demand{ID: "D-K", Title: "鲸落", Text: body, Enterprise: match.Enterprise{Kind: match.LittleGiant, Region: "810000"}, Confidential: []string{"enterprise"}}))
	for _, f := range ask(t, in, req).Shaped.Facets {
		for _, v := range f.Values {
			if v.Value == "81" {
				t.Error("a facet tells of a confidential region")
			}
		}
	}
}

func TestBoostsAddUpAndLiftNothingOverTheFloor(t *testing.T) {
	in, s := shared(t)
	lifted := 0
	for _, d := range s.Demands[:20] {
		plain := shaped(t, in, d.ID, match.Shape{Facets: true})
		at := map[string]int{}
		for i, h := range plain.Hits {
			at[h.Record.ID] = i
		}
		a := shaped(t, in, d.ID, match.Shape{Boosts: []match.Boost{
			{Filter: match.Filter{TransferModes: []match.TransferMode{match.OpenLicence}}, Level: match.StrongBoost},
			{Filter: match.Filter{Regions: []string{"32", "33"}}, Level: match.SlightBoost},
		}})
		below := false
		for i, h := range a.Hits {
			want := []match.OrderTermName{}
			if slices.Contains(h.Record.Patent.TransferModes, match.OpenLicence) {
				want = append(want, match.BoostTerm)
			}
			if r := h.Record.Patent.Region; r[:2] == "32" || r[:2] == "33" {
				want = append(want, match.BoostTerm)
			}
			checkKey(t, h)
			if len(h.Placement.Terms) != len(want) {
				t.Errorf("%s %s has the terms %+v, want %d", d.ID, h.Record.ID, h.Placement.Terms, len(want))
			}
			if h.Placement.Base != h.Score.Logit {
				t.Errorf("base %v, logit %v", h.Placement.Base, h.Score.Logit)
			}
			if h.Score.Logit < retrieve.RelevanceFloor {
				below = true
			} else if below {
				t.Errorf("%s: %s is above the floor, and a boosted one below it stands before it", d.ID, h.Record.ID)
			}
			if from, ok := at[h.Record.ID]; ok && from > i {
				lifted++
			}
		}
	}
	if lifted == 0 {
		t.Error("no hit was lifted")
	}
}

func checkKey(t testing.TB, h match.Hit) {
	t.Helper()
	sum := h.Placement.Base
	for _, term := range h.Placement.Terms {
		sum += term.Logit
		if math.Abs(term.Logit-term.Weight*term.Score) > 1e-12 || term.Why.ZH == "" || term.Why.EN == "" {
			t.Errorf("%s: term %+v", h.Record.ID, term)
		}
	}
	if sum != h.Placement.Key {
		t.Errorf("%s: base and terms add up to %v, the key is %v", h.Record.ID, sum, h.Placement.Key)
	}
}

func TestMoreLikeLiftsAndLessLikeLowersWhatIsAlike(t *testing.T) {
	in, _ := shared(t)
	plain := shaped(t, in, "D-BAT1", match.Shape{Facets: true})
	place := func(a *match.Answer, id string) int { return slices.Index(ids(a), id) }
	for _, id := range ids(plain)[4:12] {
		more, less := shaped(t, in, "D-BAT1", match.Shape{MoreLike: []string{id}}), shaped(t, in, "D-BAT1", match.Shape{LessLike: []string{id}})
		if place(more, id) > place(plain, id) || place(less, id) < place(plain, id) && place(less, id) >= 0 {
			t.Errorf("%s: at %d, more like it at %d, less like it at %d", id, place(plain, id), place(more, id), place(less, id))
		}
		for _, h := range more.Hits {
			checkKey(t, h)
			if h.Record.ID == id && math.Abs(h.Placement.Terms[0].Score-1) > 1e-5 {
				t.Errorf("%s is like itself by %v", id, h.Placement.Terms[0].Score)
			}
		}
	}
	both := shaped(t, in, "D-BAT1", match.Shape{MoreLike: ids(plain)[:2], LessLike: ids(plain)[5:6]})
	if terms := both.Hits[0].Placement.Terms; len(terms) != 2 || terms[0].Name != match.MoreLikeTerm || terms[1].Name != match.LessLikeTerm || terms[1].Logit > 0 {
		t.Errorf("terms %+v", terms)
	}
}

func TestDiversityMovesHitsAndSaysFromWhere(t *testing.T) {
	in, _ := shared(t)
	plain := shaped(t, in, "D-BAT1", match.Shape{Facets: true})
	a := shaped(t, in, "D-BAT1", match.Shape{Diversity: 0.5})
	moved := 0
	for i, h := range a.Hits {
		from := i + 1
		if h.Placement.MovedFrom > 0 {
			from = h.Placement.MovedFrom
			moved++
		}
		if plain.Hits[from-1].Record.ID != h.Record.ID {
			t.Errorf("%s says that it was at %d, where %s was", h.Record.ID, from, plain.Hits[from-1].Record.ID)
		}
	}
	if moved == 0 || a.Hits[0].Record.ID != plain.Hits[0].Record.ID {
		t.Errorf("%d moved; first %s, was %s", moved, a.Hits[0].Record.ID, plain.Hits[0].Record.ID)
	}
	if d := cmp.Diff(ids(plain)[retrieve.DiversityPool:], ids(a)[retrieve.DiversityPool:]); d != "" {
		t.Error("beyond the pool:", d)
	}
}

func TestBroadeningDropsConditionsInTheStatedOrderAndMarksWhatItFinds(t *testing.T) {
	in, _ := shared(t)
	req := request(match.DemandKind, "D-BAT1", 100)
	req.Filter = match.Filter{Sectors: []string{"battery"}, Regions: []string{"32"}, TransferModes: []match.TransferMode{match.OpenLicence}, MinReadiness: 6}
	req.Shape.Facets = true
	strict := ask(t, in, req)
	if strict.Shaped.Broadening != nil {
		t.Error("broadened without being asked to")
	}
	req.Shape.MinHits = 20
	a := ask(t, in, req)
	b := a.Shaped.Broadening
	if b.Met != len(strict.Hits) || len(b.Steps) == 0 || !b.Enough || len(a.Hits) < 20 {
		t.Fatalf("%+v with %d hits; %d meet the filter", b, len(a.Hits), len(strict.Hits))
	}
	order := retrieve.BroadeningOrder()
	last, hits := -1, b.Met
	filter := req.Filter
	for _, step := range b.Steps {
		at := slices.Index(order, step.Field)
		if at <= last || step.Hits < hits || step.Why.ZH == "" || step.Why.EN == "" {
			t.Errorf("step %+v comes after %d, %d hits", step, last, hits)
		}
		last, hits = at, step.Hits
		switch step.Field {
		case "min_readiness":
			filter.MinReadiness = 0
		case "regions":
			filter.Regions = nil
		case "transfer_modes":
			filter.TransferModes = nil
		case "sectors":
			filter.Sectors = nil
		}
		again := request(match.DemandKind, "D-BAT1", 100)
		again.Filter = filter
		if n := ask(t, in, again).Considered; n != step.Hits {
			t.Errorf("without %s there are %d hits, the step says %d", step.Field, n, step.Hits)
		}
	}
	if d := cmp.Diff(ids(strict), ids(a)[:len(strict.Hits)]); d != "" {
		t.Error("what meets the filter does not come first:", d)
	}
	conditions, err := req.Filter.Conditions(match.PatentKind, match.DefaultTenant, match.DateOf(sample.Now()))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range a.Hits {
		if meets := h.Record.Payload().Satisfies(conditions); meets != (len(h.Placement.Unmet) == 0) {
			t.Errorf("%s meets the filter: %t, unmet %v", h.Record.ID, meets, h.Placement.Unmet)
		}
	}
	req.Shape.MinHits = min(1, b.Met)
	if again := ask(t, in, req); b.Met > 0 && len(again.Shaped.Broadening.Steps) > 0 {
		t.Errorf("dropped %+v though there were enough", again.Shaped.Broadening)
	}
	req.Filter.Sectors, req.Shape.MinHits = []string{"none"}, 100
	req.Filter.LegalStatuses = []match.LegalStatus{match.Revoked}
	for _, h := range ask(t, in, req).Hits {
		if h.Record.Patent.LegalStatus != match.Revoked {
			t.Errorf("%s of status %s was let in", h.Record.ID, h.Record.Patent.LegalStatus)
		}
	}
}

func TestFacetsAgreeWithTheHits(t *testing.T) {
	in, _ := shared(t)
	for _, filter := range []match.Filter{{}, {Sectors: []string{"battery", "power"}}, {Regions: []string{"32"}, IncludeUnavailable: true}} {
		req := request(match.DemandKind, "D-BAT1", 100)
		req.Filter, req.Shape.Facets = filter, true
		hits, a := whole(t, in, req, 100)
		if len(a.Shaped.Facets) != 6 {
			t.Errorf("%d facets", len(a.Shaped.Facets))
		}
		for _, f := range a.Shaped.Facets {
			counts, without := map[string]int{}, 0
			for _, h := range hits {
				values := valuesOf(h.Record.Patent, f.Field)
				for _, v := range values {
					counts[v]++
				}
				if len(values) == 0 {
					without++
				}
			}
			got := map[string]int{}
			for i, v := range f.Values {
				got[v.Value] = v.Count
				if i > 0 && v.Count > f.Values[i-1].Count {
					t.Errorf("%s: %v is not sorted", f.Field, f.Values)
				}
			}
			if d := cmp.Diff(counts, got); d != "" || without != f.Without {
				t.Errorf("%s, %d without, want %d: %s", f.Field, f.Without, without, d)
			}
		}
	}
}

func valuesOf(p *match.Patent, field string) (out []string) {
	add := func(v string) {
		if v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	switch field {
	case "region":
		if p.Region != "" {
			add(p.Region[:2])
		}
	case "sector":
		add(p.Sector)
	case "ipc":
		for _, s := range p.IPC {
			add(s[:1])
		}
	case "legal_status":
		add(string(p.LegalStatus))
	case "transfer_mode":
		for _, m := range p.TransferModes {
			add(string(m))
		}
	case "applicant_kind":
		for _, a := range p.Applicants {
			add(string(a.Kind))
		}
	}
	return out
}

func TestBadShapesNameTheField(t *testing.T) {
	in, _ := shared(t)
	open := match.Filter{TransferModes: []match.TransferMode{match.OpenLicence}}
	for name, c := range map[string]struct {
		shape match.Shape
		kind  match.ErrorKind
		field string
	}{
		"a negative share":         {match.Shape{MaxPerHolder: -1}, match.Invalid, "max_per_holder"},
		"a diversity above 1":      {match.Shape{Diversity: 1.01}, match.Invalid, "diversity"},
		"a diversity of NaN":       {match.Shape{Diversity: math.NaN()}, match.Invalid, "diversity"},
		"too many hits wanted":     {match.Shape{MinHits: 101}, match.Invalid, "min_hits"},
		"a boost without a level":  {match.Shape{Boosts: []match.Boost{{Filter: open}}}, match.Invalid, "boosts[0].level"},
		"a boost of nothing":       {match.Shape{Boosts: []match.Boost{{Level: match.SlightBoost}}}, match.Invalid, "boosts[0].filter"},
		"a boost of a demand's":    {match.Shape{Boosts: []match.Boost{{Filter: open, Level: match.SlightBoost}, {Filter: match.Filter{MinBudget: 1}, Level: match.SlightBoost}}}, match.Invalid, "boosts[1].filter.min_budget_cny"},
		"too many boosts":          {match.Shape{Boosts: slices.Repeat([]match.Boost{{Filter: open, Level: match.SlightBoost}}, 21)}, match.Invalid, "boosts"},
		"an id twice":              {match.Shape{MoreLike: []string{"a", "a"}}, match.Invalid, "more_like[1]"},
		"an id on both sides":      {match.Shape{MoreLike: []string{"a"}, LessLike: []string{"a"}}, match.Invalid, "less_like[0]"},
		"an empty id":              {match.Shape{LessLike: []string{""}}, match.Invalid, "less_like[0]"},
		"an unknown id":            {match.Shape{MoreLike: []string{"none"}}, match.NotFound, "more_like[0]"},
		"an id of the other side":  {match.Shape{LessLike: []string{"D-BAT2"}}, match.NotFound, "less_like[0]"},
		"more ids than are of use": {match.Shape{MoreLike: slices.Repeat([]string{"a"}, 21)}, match.Invalid, "more_like"},
	} {
		t.Run(name, func(t *testing.T) {
			req := request(match.DemandKind, "D-BAT1", 5)
			req.Shape = c.shape
			_, err := in.Engine.Match(context.Background(), req)
			var e *match.Error
			if match.KindOf(err) != c.kind || !errors.As(err, &e) || e.Field != c.field {
				t.Errorf("error %v of kind %v, want %s of kind %v", err, match.KindOf(err), c.field, c.kind)
			}
		})
	}
}

// TestNoShapeChangesAScoreAndPagesJoin draws shapes and requests.
func TestNoShapeChangesAScoreAndPagesJoin(t *testing.T) {
	in, s := shared(t)
	scores := map[string]map[string]float64{}
	for _, d := range s.Demands[:6] {
		req := request(match.DemandKind, d.ID, 100)
		req.Filter.IncludeUnavailable = true
		hits, _ := whole(t, in, req, 100)
		scores[d.ID] = scoresOf(&match.Answer{Hits: hits})
	}
	for seed := range uint64(12) {
		draw := rand.New(rand.NewPCG(seed, 7))
		coin := func() bool { return draw.IntN(2) == 0 }
		d := s.Demands[draw.IntN(6)]
		req := request(match.DemandKind, d.ID, 100)
		req.Order = match.Orders[draw.IntN(3)]
		if coin() {
			req.Filter.Regions = []string{[]string{"32", "44", "11"}[draw.IntN(3)]}
			req.Shape.MinHits = draw.IntN(61)
		}
		shape := &req.Shape
		shape.MaxPerHolder = draw.IntN(3)
		shape.Collapse = coin()
		shape.Diversity = []float64{0, 0.2, 0.7, 1}[draw.IntN(4)]
		shape.Facets = coin()
		shape.Exclusions = coin()
		if coin() {
			shape.Boosts = []match.Boost{{Filter: match.Filter{Sectors: []string{"battery", "power"}}, Level: match.BoostLevels[draw.IntN(3)]}}
		}
		if coin() {
			shape.MoreLike, shape.LessLike = []string{s.Patents[3].Number}, []string{s.Patents[40].Number}
		}
		large, last := whole(t, in, req, 50)
		small, _ := whole(t, in, req, []int{5, 17}[seed%2])
		if diff := cmp.Diff(large, small); diff != "" {
			t.Fatalf("pages of another size: %s", diff)
		}
		again, _ := whole(t, in, req, 50)
		if diff := cmp.Diff(large, again); diff != "" {
			t.Fatalf("the same request again: %s", diff)
		}
		if last.Shaped != nil && last.Shaped.Listed != len(large) {
			t.Fatalf("%d hits, %d are said to be listed", len(large), last.Shaped.Listed)
		}
		seen := map[string]bool{}
		for i, h := range large {
			if want, ok := scores[d.ID][h.Record.ID]; ok && want != h.Score.Logit {
				t.Fatalf("%s: %v, without a shape %v", h.Record.ID, h.Score.Logit, want)
			}
			if seen[h.Record.ID] || h.Rank != i+1 {
				t.Fatalf("%s at %d has rank %d, seen %t", h.Record.ID, i, h.Rank, seen[h.Record.ID])
			}
			seen[h.Record.ID] = true
			if h.Placement != nil {
				checkKey(t, h)
			}
		}
	}
}
