// Package quant keeps vectors as whole numbers of one byte a dimension, for scans that
// read little, and knows how far from the truth a score made of them can be.
//
// Quantise gives the codes of a row and the length of what they lose; with it a Query
// bounds the row's float32 score from both sides, so that a scan of codes can leave out
// rows without ever leaving out a hit. Round moves a vector to where
// two bytes a number hold it: every index does so before it keeps one, so that all keep the
// same. Split takes a rounded vector apart into codes and a second byte, with which Join
// gives it back to the bit.
//
// Callers rely on this: codes, bounds and what Join gives are the same bits on every
// machine, whatever its instructions.
package quant
