package evaluation

// Leakage counts what stands in more than one part of the data: in several folds,
// or in several splits of a dataset. What a model has learnt in one part makes it
// look good on the other. Package split finds it.
type Leakage struct {
	Between string // the parts, such as "test, train"
	Queries int    // judged queries whose pairs are in several parts
	// RepeatedQueryTitles is queries whose title another query in another part has.
	RepeatedQueryTitles int
	// RepeatedDocumentTitles is distinct titles of documents that are judged in
	// several parts.
	RepeatedDocumentTitles int
	// RepeatedPairs is pairs whose document's title is judged for the same query in
	// another part.
	RepeatedPairs int
	// Twins is pairs of queries that are alike and share no part completely.
	Twins []Twin
}

// Twin is a pair of queries that are alike, A before B.
type Twin struct {
	A, B       int32
	Similarity float64
}

// Any tells whether something leaks that a model could profit from: documents that
// are judged for different queries are no leak by themselves.
func (l *Leakage) Any() bool {
	return l.Queries+l.RepeatedQueryTitles+l.RepeatedPairs+len(l.Twins) > 0
}

func (r *Result) leakage(l Leakage) object {
	twins := list(l.Twins, func(t Twin) object {
		return object{{"a", r.dataset.queries[t.A].ID}, {"b", r.dataset.queries[t.B].ID}, {"similarity", t.Similarity}}
	})
	return object{{"between", l.Between}, {"queries", l.Queries}, {"repeated_query_titles", l.RepeatedQueryTitles},
		{"repeated_document_titles", l.RepeatedDocumentTitles}, {"repeated_pairs", l.RepeatedPairs}, {"twins", twins}}
}

// Agreement is how far several raters of the same pairs agree: an upper bound on
// what a model can be asked to reach. Package agreement measures it.
type Agreement struct {
	Raters, Pairs int   // pairs that at least two of them judged
	Alpha         Value // Krippendorff's, ordinal
	Kappa         Value // Cohen's with quadratic weights, mean over pairs of raters
	Equal         Value // share of pairs of ratings of the same pair that are equal
}

func (a Agreement) object() object {
	return object{{"raters", a.Raters}, {"pairs", a.Pairs}, {"alpha", a.Alpha}, {"kappa", a.Kappa}, {"equal", a.Equal},
		{"reason", orNull(a.Alpha.Reason())}, {"kappa_reason", orNull(a.Kappa.Reason())}}
}

func (r *Result) folds(f FoldsResult) object {
	byFold := []object{}
	for i, fold := range f.Folds {
		var models object
		for m, row := range fold.Values {
			var metrics object
			for j, v := range row {
				metrics = append(metrics, member{f.Metrics[j], object{{"value", v}, {"reason", orNull(v.Reason())}}})
			}
			models = append(models, member{r.Models[m].Name, metrics})
		}
		byFold = append(byFold, object{{"fold", i + 1}, {"queries", fold.Queries}, {"judgements", fold.Judgements}, {"models", models}})
	}
	var models object
	for m, row := range f.Estimates {
		var metrics object
		for j, e := range row {
			metrics = append(metrics, member{f.Metrics[j], append(e.object(), member{"deviation", f.Deviations[m][j]})})
		}
		models = append(models, member{r.Models[m].Name, metrics})
	}
	return object{{"by", f.Name}, {"folds", byFold}, {"models", models}, {"comparisons", list(f.Comparisons, Comparison.object)}}
}

// orNone is the encoding of what is there, or null.
func orNone[T any](item *T, encode func(T) object) any {
	if item == nil {
		return nil
	}
	return encode(*item)
}
