// Package text takes texts apart: terms for the lexical index, sentences for
// explanations, with places that can be shown. All functions are pure.
//
// Callers rely on this: offsets count Unicode code points of the text that was
// given, never of a normalised form; and folding changes no offset, since it maps
// each code point to exactly one.
package text
