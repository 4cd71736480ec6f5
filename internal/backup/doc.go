// Package backup puts a data folder into one file while it is in use, and puts such
// a file in the place of a data folder.
//
// A backup is a tar of two entries, in this order:
//
//	manifest.json   version of the format, time, counts, what models.json says of the
//	                embedding models, size and SHA-256 of
//	records.db      the database as it was at one moment, without its WAL
//
// Vectors and words are not in it: they are made again from the records when the
// folder is opened. Neither are the folder's lock and what the program writes into its logs.
//
// Callers rely on this: a file has its final name only when all of it is on disk,
// so that a backup that was cut short is never taken for one; and Restore touches
// nothing in the folder until the checksum, SQLite's own check and every record of
// the backup were found right.
package backup
