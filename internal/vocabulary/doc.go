// Package vocabulary knows the words that people write for values: 开放许可 and
// "open licence" for open_licence, 浙江 and Zhejiang for 33, 制造业 for C.
//
// Files, filters and the HTTP API read values through it, so that a word that one of
// them takes is taken by all. What to do with a word that it does not know is left to
// its callers. All of it is fixed, and safe for concurrent use.
package vocabulary
