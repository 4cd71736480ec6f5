// Package replay makes the form in which an answer is kept, and the answer again out of
// it.
//
// What is kept is the answer as it was sent, without the texts: a hit's record is its
// revision's number, and a span of evidence is revision, field, start and end. Texts come
// back from the revisions, which never change. What a later version of the API adds to an
// answer is kept as well, as long as its texts are spans.
//
// Callers rely on this: an answer comes back as it was sent, but for what may not be
// shown any more (a demand's field that was made confidential since, a record that was
// hidden), which is named; and no field that is or was confidential appears. Of a text
// that is not stored, its hash alone is kept, and no explanation, unless the settings
// say that such texts are kept.
package replay
