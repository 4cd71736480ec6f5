// Package wording has an explanation put into plain sentences by a chat model. It is
// optional and changes nothing else: score, order, evidence and verdicts are made before.
//
// The model sees the spans of the explanation as data, each with an id, and has to
// answer with sentences that cite ids. A sentence that cites none, or one that was not
// given, is dropped; so is one with a figure that stands in no span that it cites, one
// with a link, and one that is too long. So whatever a patent or a demand says to the model,
// the most it can change is which true places a sentence points at, and its words.
//
// Callers rely on this: spans hold nothing confidential, and nothing else of a record is
// sent; an endpoint that is down, slow or talks nonsense leaves the explanation as it was,
// and the reason is returned.
package wording
