// Package evaluation measures how well models match queries (technical demands)
// with documents (patents), and how far the figures can be trusted.
//
// It answers: how good is each model, on which queries, how certain is that, is a
// candidate better than a baseline, is it worse anywhere, and what should be
// judged next. The way of the data:
//
//	format ─ Dataset, Run, Levels ─ Evaluate ─ Result ─┬─ metrics.json (WriteJSON)
//	              │                                    ├─ gate: pass, fail, undecided
//	              └─ split: folds, near twins, leakage └─ reports, elsewhere
//
// The files are read and written by package format, the measures themselves are
// in metric, resampling and tests in statistic, folds in split, agreement of
// raters in agreement, and promotion rules in gate. None of them imports anything
// of Duijie's internals; a model is anything that yields a [Run], for example a
// scoring function through [Rank].
//
// What callers may rely on:
//
//   - Documents and queries are numbered in the order in which they were added.
//   - The same dataset, runs, options and seed give the same [Result], byte for
//     byte once encoded, whatever the number of workers.
//   - A measure that a model cannot have is a [Value] with a reason, never zero.
//   - Every metric's definition, population, unit and source come with the result
//     ([Definition]); its name never changes meaning. SCHEMA.md lists them.
package evaluation
