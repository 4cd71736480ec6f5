// Package verdict says how far a patent serves what a demand asks for, element by
// element: covered, partly, contradicted or missing, with the place that says so.
//
// Both records are cut into clauses. A required figure is compared with those figures of
// the patent that are about the same thing: their contexts are compared by words, by
// synonyms and by units, their values as intervals, by which way is better of the
// property, and by the conditions under which they hold. Other elements are compared by
// words and by vectors of clauses; words of limitation (不适用, 仅能), of negation and
// refusal (无需, 不含, 不换) and of exclusion (不考虑) tell yes from no. Features of the
// pair as a whole come in, since a patent on another matter serves nothing, and how an
// element compares with the others. Three small linear models turn features into a
// verdict; testdata and package explain's testdata tell on what they were learned and how
// well they do.
//
// Callers rely on this: a verdict depends on the two texts and the elements
// asked for alone; it is deterministic; no model outside of this process is asked;
// spans lie in the fields that were given; and time is bounded by MaxParts, MaxElements and MaxFigures.
package verdict
