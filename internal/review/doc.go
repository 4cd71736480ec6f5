// Package review has a chat model read a patent against each element of a demand, and give
// a verdict of its own beside the built-in one. It is optional and changes nothing else: score,
// order, evidence and the built-in verdicts are made before, and stay.
//
// The model gets the elements with their numbers, the texts of the demand for what they mean,
// and the patent cut into numbered pieces; it has to answer with a verdict for each element and
// the pieces that prove it. What does not stand up is left out, never mended: a verdict of
// another name, one that is not missing and cites no piece that was sent, a second one of
// the same element. A patent that is too long is read from its beginning, and nothing counts as
// missing from it then.
//
// Callers rely on this:
//   - Of records titles, texts and claims alone are sent, from which the caller has taken what
//     is confidential; numbers, ids, names, labels and the built-in verdicts are never sent.
//   - A text that speaks to a model is not sent (chat.Suspect). That is no proof against all such
//     texts: one can still sway a model that believes it. That is why a review stands beside
//     the verdict and does not replace it, and why it cites what it rests on.
//   - What was asked before is answered from memory, so that the same answer comes again.
//   - An endpoint that is down, slow or talks nonsense leaves the explanation as it was, and
//     the reason is returned.
package review
