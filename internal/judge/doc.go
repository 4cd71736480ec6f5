// Package judge has a chat model propose levels of pairs, for experts to look at. It is
// optional, and its labels are of the source match.ModelSource: nothing learns from them,
// is measured by them, or counts them as an expert's, unless that is asked for.
//
// The model gets the two texts as data and has to answer with a level, one quotation of
// each text, and a reason in a sentence. What does not stand up is dropped, never mended:
//
//	dropped as   because
//	hidden       the record is gone, withdrawn or private, or nothing of it may be sent
//	suspect      a text speaks to a model ("ignore the instructions"); it is not sent
//	nonsense     the answer is not the object asked for, or its level is none
//	uncited      a quotation is missing, too short, or stands in no text that was sent
//	unsound      the reason has a link, markup, too many words, or a figure of its own
//	failed       the endpoint did not answer
//
// Callers rely on this:
//   - Of a demand title and text alone are sent, without what it keeps confidential; a
//     name that is confidential is blotted out in them, too. Numbers and ids of records,
//     and what experts said of the pair, are never sent.
//   - Labels are written as they come, so that a run that is cancelled keeps what it has.
//   - An endpoint that fails several times in a row, or refuses the key, ends the run with
//     an error.
//
// What it does not do: a text can still sway a model that believes it. Compare (Agree)
// tells how far the model's levels are from those of experts, by sector and with an
// interval; pairs of experts are judged blindly for that.
package judge
