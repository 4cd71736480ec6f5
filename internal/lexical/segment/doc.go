// Package segment is the index of words on disk: an inverted index over the terms of
// text.Terms in immutable files, for collections of millions of texts.
//
//	Upsert ─► buffer (memory) ─ Flush ─► segment file ─┐
//	                                                    ├─► MANIFEST (what counts, the mark)
//	            8 files of about one size ─ merge ─► file ┘
//
// A buffer keeps the terms of each document and no postings: a write touches the
// document alone, and a search reads all of the buffer, so Flush now and then. Flush
// turns it into a file by two passes of counting. Files are merged in the background,
// eight of about one size at a time, up to 262,144 documents; large files wait for that
// until no such file was written for a minute, or there are 32 of them. A deleted
// document is a bit beside its file until a merge drops it.
//
// # Files
//
// A folder holds MANIFEST (see manifest.go) and NNNNNNNN.words. A file is memory-mapped
// and has these sections (its frame, with a checksum for every 16 KiB, is in file.go;
// numbers are little-endian; "starts" are n+1 offsets of 4 bytes into the section before):
//
//	┌──────────────────────────────────────────────────────────────────────────────┐
//	│ lists      postings by id: gaps in blocks of 128, bit-packed (list.go)       │
//	│ starts     by id                                                             │
//	│ terms      hash table on disk: key of the term → id (lookup.go)              │
//	├──────────────────────────────────────────────────────────────────────────────┤
//	│ forward    by document: gaps of ids with tf, as uvarints                     │
//	│ starts     by document                                                       │
//	│ distinct   by document: number of terms                                      │
//	├──────────────────────────────────────────────────────────────────────────────┤
//	│ keys       by document: its key                                              │
//	│ starts     by document                                                       │
//	│ lengths    by document: |d|                                                  │
//	│ documents  hash table on disk: hash of the key → document                    │
//	├──────────────────────────────────────────────────────────────────────────────┤
//	│ facets     by name: documents, and of numbers the values (facet.go)          │
//	│ starts     by facet                                                          │
//	│ names      in their order                                                    │
//	│ starts     by facet                                                          │
//	├──────────────────────────────────────────────────────────────────────────────┤
//	│ head       documents 4 │ terms 4 │ facets 4 │ Σ lengths 8                    │
//	└──────────────────────────────────────────────────────────────────────────────┘
//
// Ids ascend as the number of documents descends, which makes gaps in forward small.
// Documents that a file holds are numbered from 0 in the order of their writes.
//
// # Searching
//
// N, n(t) and avgdl are exact: the terms of a deleted document are subtracted when it
// is deleted. Candidates are found by summing up in float32, term after term; those
// that may be among the best, with the error of that sum allowed for, are scored in
// full from forward, in float64. So scores are those of package bigram to the last bit.
//
// A query of more than 32 terms that has more postings than half of the documents (and
// than 400,000) is taken by its rarest terms, up to that many postings; the 800 best
// documents (or four for each hit wanted) are scored in full. What that loses is
// measured by BenchmarkScale, as overlap@50 with the full evaluation. Query.Exact turns
// it off. A filter that leaves few documents has all of them scored in full: then
// nothing is lost.
//
// # Damage and crashes
//
// A file gets its name when it is on disk, and counts from the moment when a manifest
// lists it. So a kill or a loss of power leaves the index of some Flush or merge, and
// its mark says from where on documents are to be written again. Every read compares
// the checksum of the page first, once a page: damage is an error of kind
// match.Corrupt, never an answer, and the next Open refuses the folder until Discard.
package segment
