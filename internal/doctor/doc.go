// Package doctor reads a whole data folder, says what is wrong with it, and repairs
// what can be made again from the records: vectors, and what is counted or noted
// about records.
//
// Records themselves are never changed or deleted. A database that is damaged is
// reported with the advice to restore a backup; a vector log that is damaged is
// moved aside, as patents.vec.corrupt-1, and made again.
//
// Callers rely on this: Run has the folder to itself; a report without problems
// means that every live record is stored as it was written and is searchable,
// noted as failed, or will be followed at the next start; and after a repair the
// folder was read again, so that "repaired" is what was seen, not what was tried.
package doctor
