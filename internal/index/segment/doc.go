// Package segment is the vector index on this machine for large collections: the newest
// writes in memory, all else in a few immutable files that are mapped, not read.
//
//	Upsert, Delete ─▶ log + flat index ─▶ frozen ─▶ segment ─┐ merged by size,
//	                  (the newest layer)  layer     segment ─┴▶ and when no writes come
//	Search ──────────▶ all layers, as they were at one moment
//
// A collection that is smaller than Options.SealAt is one layer: a flat index, with its
// log. Beyond, a layer is frozen and becomes a segment in the background. A key is alive
// in one layer at most: a write hides what older layers have of it at the moment at which
// it becomes visible.
//
// # Files
//
//	COLLECTION.vec         log of the newest layer, in the format of package flat
//	COLLECTION-N.vec       log of a frozen layer, until it is in a segment
//	COLLECTION-N.seg       a segment
//	COLLECTION.manifest    which segments there are and what of them is deleted; replaced
//	                       as a whole, so a crash leaves the old state or the new one
//
// A segment has pages of 4 KB; numbers are little-endian:
//
//	┌──────────────────────────────────────────────────────────────────────────────┐
//	│ header     "DUIJIES" 7 │ version 2 │ directory: offset 8, size 8, CRC-32C 4 │ │
//	│            CRC-32C of the header 4                                            │
//	├──────────────────────────────────────────────────────────────────────────────┤
//	│ keys.text, keys.starts   the keys by slot; keys.table finds a slot by its key │
//	├──────────────────────────────────────────────────────────────────────────────┤
//	│ tokens.FIELD             slots by token; see tokenField                       │
//	│ numbers.FIELD            slots by value; see numberField                      │
//	├──────────────────────────────────────────────────────────────────────────────┤
//	│ for each vector, by its place in the spec:                                    │
//	│ codes.P                  row × dim, one byte each: what a scan reads          │
//	│ fine.P                   row × dim, one byte each: for the score              │
//	│ sketches.P               one bit a dimension, in lists of 32 rows             │
//	│ slots.P, places.P        slot by row, row by slot                             │
//	│ bounds.P                 by row: scale, and what the codes lose               │
//	│ starts.P, centroids.P,   the lists: first row, centroid and its scale         │
//	│ scales.P                                                                      │
//	├──────────────────────────────────────────────────────────────────────────────┤
//	│ sums                     CRC-32C of each 64 KB of every section               │
//	├──────────────────────────────────────────────────────────────────────────────┤
//	│ directory, JSON          spec, sections, how many rows a search has to read   │
//	└──────────────────────────────────────────────────────────────────────────────┘
//
// # Search
//
// Rows are in lists around centroids (k-means). How many rows a search for the k best
// has to read is measured when a segment is made, with rows and with turned rows as
// queries, for a recall of recallTarget; real queries are unlike rows, so it reads half of
// them, and leastRows, at least. Of these rows it reads sketches of one bit a
// dimension; rows whose sketch may reach the k-th best are read as one byte a dimension,
// which bounds the score from both sides; those whose upper bound reaches it are scored
// in float32. The filter is evaluated first. Where few records meet it they are read one
// by one, exactly; else it is asked inside the scan, and more lists are read. With
// Query.Exact, and in segments below Options.ClusterAt, everything is read and the answer
// is that of brute force.
//
// Callers rely on this: a vector is kept with 16 bits a number and given back to the bit,
// since it was rounded to them when it was written (see quant.Round), and scores are float32
// products with it; so answers are those of package flat, and merging changes none. No answer is made of bytes that were not
// compared with their checksum. Opening compares all but the vectors, and of these as
// many as it can in verifyTime, which is all of them where the files are in the system's
// cache; the others are compared before they are used, and in the background. Damage is
// an error of kind match.Corrupt: of Open, or of every later search in that segment.
//
// One process at a time may have a directory open for writing; the data folder's lock
// sees to that, not this package. OpenReadOnly works beside it.
package segment
