// Package contender makes the runs of the models that an evaluation compares. A
// model is named by a reference:
//
//	random        an order by chance
//	bm25          BM25 of the demand's title and text over character bigrams
//	static        the built-in embedder alone: cosine of the titles plus cosine of
//	              the demand's title and text with the document's
//	openai        the same with an OpenAI-compatible endpoint
//	hybrid        the zero-shot fusion that answers requests
//	FILE.trec     a run of another system, also FILE.trec.gz
//
// Measuring them is left to package evaluation. Callers rely on this: hybrid scores
// a pair exactly as the service does.
package contender
