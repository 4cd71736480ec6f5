// Package lexicaltest holds what every lexical.Index must pass. It compares an
// index with a straightforward implementation of the documented formula.
package lexicaltest

import (
	"context"
	"testing"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
)

// Run tests the promises of lexical.Index. The function open gives a new, empty
// index; the suite closes it.
func Run(t *testing.T, open func(t *testing.T) lexical.Index) {
	for _, promise := range []struct {
		name string
		test func(*testing.T, lexical.Index)
	}{
		{"Scores are the BM25 of the contract", scoresAreBM25},
		{"Scores follow inserts, updates and deletes", scoresFollowWrites},
		{"The worked example of three texts has the scores done by hand", scoresByHand},
		{"A search finds every document that shares a term and no other", searchFindsWhatShares},
		{"Shared, QueryTerms and DocTerms count distinct terms", countsAreOfDistinctTerms},
		{"Score gives the scores of Search in the order of the keys", scoreAgreesWithSearch},
		{"Score gives an unknown key 0", unknownKeysScoreZero},
		{"Contributions add up to the score and come largest first", contributionsAddUp},
		{"Contributions are those of the formula", contributionsAreOfTheFormula},
		{"A term repeated in the query counts once", repeatedQueryTermsCountOnce},
		{"Text is folded before it is compared", textIsFolded},
		{"Equal scores are in the order of their keys", tiesGoByKey},
		{"A limit gives the head of the whole ranking", limitGivesTheHead},
		{"A filter is applied inside the search and leaves the scores alone", filtersAreInside},
		{"A filter holds for a term that few of many documents have", filtersOnRareTerms},
		{"A filter follows the payload of the newest document", filtersFollowUpdates},
		{"A query without terms finds nothing", emptyQueriesFindNothing},
		{"A query without known terms finds nothing", unknownTermsFindNothing},
		{"An empty index answers", emptyIndexAnswers},
		{"A document without text is counted and never found", emptyDocuments},
		{"The last of several documents with one key stays", lastOfABatchStays},
		{"Deleting an unknown key is no error", deletingUnknownKeys},
		{"The index keeps no reference to what it was given", inputIsNotKept},
		{"A document without a key is refused with its whole batch", keylessDocumentsAreRefused},
		{"A limit below 1 is refused", lowLimitsAreRefused},
		{"A cancelled context ends every call and changes nothing", cancelledCallsEnd},
		{"A flush changes no answer", flushesChangeNothing},
		{"Reads and writes at the same time stay consistent", concurrentUse},
		{"A search sees every write that returned before it", writesAreSeen},
	} {
		t.Run(promise.name, func(t *testing.T) {
			x := open(t)
			defer func() {
				if err := x.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}()
			promise.test(t, x)
		})
	}
}

// Helpers that end the test on an error.

func upsert(t *testing.T, x lexical.Index, docs ...lexical.Doc) {
	t.Helper()
	if err := x.Upsert(context.Background(), docs); err != nil {
		t.Fatalf("Upsert of %d documents: %v", len(docs), err)
	}
}

func remove(t *testing.T, x lexical.Index, keys ...string) {
	t.Helper()
	if err := x.Delete(context.Background(), keys); err != nil {
		t.Fatalf("Delete(%q): %v", keys, err)
	}
}

func search(t *testing.T, x lexical.Index, text string, limit int, conditions ...match.Condition) []lexical.Hit {
	t.Helper()
	hits, err := x.Search(context.Background(), lexical.Query{Text: text, Conditions: conditions, Limit: limit})
	if err != nil {
		t.Fatalf("Search(%q): %v", text, err)
	}
	return hits
}

func score(t *testing.T, x lexical.Index, text string, keys ...string) []lexical.Hit {
	t.Helper()
	hits, err := x.Score(context.Background(), text, keys)
	if err != nil {
		t.Fatalf("Score(%q): %v", text, err)
	}
	if len(hits) != len(keys) {
		t.Fatalf("Score(%q) gave %d hits for %d keys", text, len(hits), len(keys))
	}
	return hits
}

func terms(t *testing.T, x lexical.Index, text, key string) []lexical.Term {
	t.Helper()
	list, err := x.Terms(context.Background(), text, key)
	if err != nil {
		t.Fatalf("Terms(%q, %q): %v", text, key, err)
	}
	return list
}

func count(t *testing.T, x lexical.Index) int {
	t.Helper()
	n, err := x.Count(context.Background())
	if err != nil {
		t.Fatalf("Count: %v", err)
	}
	return n
}
