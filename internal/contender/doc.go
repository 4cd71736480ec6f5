// Package contender makes the runs of the models that an evaluation compares. A
// model is named by a reference:
//
//	random        an order by chance
//	bm25          BM25 of the demand's title and text over character bigrams
//	bm25=candidates  the same with the frequencies of the demand's own judged candidates,
//	              and each term as often as the demand has it
//	static        the built-in embedder alone: cosine of the titles plus cosine of
//	              the demand's title and text with the document's
//	FILE.static   the same with a static model of one's own
//	openai        the same with an OpenAI-compatible endpoint
//	hybrid        the zero-shot fusion that answers requests, with levels
//	hybrid+onnx   the same over another embedder: onnx, onnx=DIR, openai, FILE.static
//	FILE.duijie   a tuned model, with levels; any name will do
//	FILE.trec     a run of another system, also FILE.trec.gz
//
// Measuring them is left to package evaluation. Callers rely on this: hybrid scores
// a pair exactly as the service does.
package contender
