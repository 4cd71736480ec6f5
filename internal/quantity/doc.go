// Package quantity finds quantities in Chinese and English texts: number, unit,
// comparison, range, tolerance, direction of a change, and the property that they are
// about. "抗冲击韧性≥67%" states at least 67 % of 抗冲击韧性.
//
// A quantity has a number with a unit, a percentage, an amount of money, a count with
// a counting word, or a bare number behind a comparison. Dates, ordinals, list
// numbers, standards and model numbers (GB/T 1234, A36, 316L, 5G) are none.
//
// Callers rely on this: the functions are pure and deterministic; spans count Unicode
// code points of the text that was given; time grows with the length of the text and
// not faster; and any text, however hostile, gives an answer.
//
// testdata/demands.jsonl holds quantities of 100 real demands, read and written down by
// hand before the parser was made: places and values, no texts. testdata/README.md
// tells the rules that they follow.
package quantity
