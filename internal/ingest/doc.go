// Package ingest turns files and streams into domain records, and records into
// lines of JSON.
//
// It answers one question for each row of the input: which record is this, or why
// is it none? Whether a record is new, is stored or is embedded is left to its
// callers; so is what to do with two rows of one id.
//
//	bytes ─ gunzip ─ decode ─┬─ JSONL, JSON array ─┐
//	                         ├─ CSV ───────────────┤
//	                         ├─ XLSX ──────────────┼─ cells ─ columns ─ record ─ Validate
//	                         └─ Parquet ───────────┘
//
// A format is a source: it cuts the input into rows, and rows into named cells.
// All that follows (names of columns in Chinese and English, values, attributes)
// is the same for each format. Cutting goes row by row; what comes behind it runs
// on several goroutines in Batches, which keeps the order of rows.
//
// The parsers of XLSX and Parquet are others' work. What they unfold is bounded
// before they are called, and a panic of theirs becomes an error of kind Corrupt.
//
// Callers rely on this:
//   - Every row that is not blank comes out of Next once, in order, with the line
//     on which it begins: as a record that passes Validate, or with an error of
//     kind Invalid that names file, line, and each field that is wrong with the
//     reason. A bad row does not end the reading.
//   - Nothing is dropped in silence: a column that means nothing to Duijie is kept
//     in the record's attributes under its own name, and so is a value that its
//     field cannot hold; Summary counts both. Sheets that are not read are in Skipped.
//   - What WriteJSONL and ParquetWriter wrote reads back as the same record.
//   - What Rejects wrote reads back as the rows that were rejected.
//   - A Journal never says that more was done than Write was told.
package ingest
