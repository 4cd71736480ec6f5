// Package intake reads a demand as it comes in: which material, method, efficacy,
// product and application it names, which quantities it requires, how complete that
// is, what makes it look like junk, and what its author should add.
//
// It works by rules and by small lexicons of its own, Chinese and English: words that
// go before an element (用于, 采用, 提高), and words that elements end in (合金, 工艺,
// 装置). It knows no grammar; an element's span may hold a word too many or too few.
//
// Callers rely on this: Analyze is pure and deterministic, answers any text in time
// that grows with its length alone, and its spans count Unicode code points of the
// field that they name.
package intake
