// Package format reads and writes the files of an evaluation: BEIR folders, TREC
// runs and qrels, labelled pairs as CSV or JSONL, and predicted levels as TSV.
// Every reader unpacks gzip by itself, by the file's first bytes.
//
// A wrong file is refused with an [Error] that names file and line, or repaired
// with a counted [Warning]:
//
//	refused                              repaired and counted
//	a pair twice in a run                a judged pair repeated with the same level
//	a judged pair with another level     blank lines, carriage returns, byte order mark
//	an unknown query or document id      … skipped or added, when Unknown says so
//	a score that is NaN or infinite      a missing header of a qrels file
//	a level off the scale                a level written as a decimal: 2.0
//	too few or many fields               tabs and spaces mixed between fields
//	another separator than the header's  ranks that contradict the scores
//	(CSV), broken JSON or quoting
//	a file without any line
//
// Writers give the same bytes for the same run. Readers use all processors for
// runs and qrels; the result does not depend on their number.
package format
