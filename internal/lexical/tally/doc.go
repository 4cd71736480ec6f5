// Package tally counts words without keeping who has them: the terms of a text as a
// server stores them beside it (Terms), and how many texts of a collection have each
// term (Table). With both, whoever is given a document's Terms can score it in full,
// as package lexical defines it, to the last bit.
//
// Nothing here knows where terms and tables are kept. Both have an encoding with a
// version; what was cut off or changed is an error of kind match.Corrupt when it is
// decoded, never a wrong count.
package tally
