package qdrant

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// specName is where a collection's metadata holds the stored Spec, as JSON text.
const specName = "duijie_spec"

// specVersion is that of the layout of points; see the package's comment. In version 1
// vectors were not rounded.
const specVersion = 2

type storedSpec struct {
	Version    int      `json:"version"`
	Collection string   `json:"collection"`
	Model      string   `json:"model"`
	Dim        int      `json:"dim"`
	Vectors    []string `json:"vectors"`
}

func specMetadata(s index.Spec) (map[string]*qdrant.Value, error) {
	text, err := json.Marshal(storedSpec{specVersion, s.Collection, s.Model, s.Dim, s.Vectors})
	if err != nil {
		return nil, err
	}
	return map[string]*qdrant.Value{specName: qdrant.NewValueString(string(text))}, nil
}

// verify compares the stored collection with the Spec of ix.
func (ix *Index) verify(config *qdrant.CollectionConfig) error {
	text := config.GetMetadata()[specName].GetStringValue()
	if text == "" {
		return ix.fail(match.Conflict, "open", errors.New(
			"its metadata has no "+specName+": it is not Duijie's, or the server is older than Qdrant 1.16"))
	}
	var stored storedSpec
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return ix.fail(match.Corrupt, "open", fmt.Errorf("metadata %s: %w", specName, err))
	}
	if stored.Version != specVersion {
		return ix.fail(match.Conflict, "open", fmt.Errorf("stored in layout %d, this program knows %d", stored.Version, specVersion))
	}
	was := index.Spec{Collection: stored.Collection, Model: stored.Model, Dim: stored.Dim, Vectors: stored.Vectors}
	if err := ix.spec.Conflict(was); err != nil {
		return ix.fail(match.Conflict, "open", err)
	}
	return ix.verifyVectors(config.GetParams().GetVectorsConfig().GetParamsMap().GetMap())
}

// verifyVectors catches a collection whose vectors are not what its metadata says.
func (ix *Index) verifyVectors(vectors map[string]*qdrant.VectorParams) error {
	for _, name := range ix.spec.Vectors {
		v := vectors[name]
		if v.GetSize() != uint64(ix.spec.Dim) || v.GetDistance() != qdrant.Distance_Dot {
			return ix.fail(match.Corrupt, "open", fmt.Errorf("vector %q has %d dimensions and distance %v, not %d and Dot",
				name, v.GetSize(), v.GetDistance(), ix.spec.Dim))
		}
	}
	return nil
}

// wordsMetadata says what the collections of words hold.
func wordsMetadata(collection string) (map[string]*qdrant.Value, error) {
	text, err := json.Marshal(storedWords{wordsVersion, collection})
	if err != nil {
		return nil, err
	}
	return map[string]*qdrant.Value{wordsNote: qdrant.NewValueString(string(text))}, nil
}

// wordsNote is where the metadata of the collections of words says what they hold, and
// wordsVersion that of the layout of their points; see words_doc.go.
const (
	wordsNote    = "duijie_words"
	wordsVersion = 1
)

type storedWords struct {
	Version    int    `json:"version"`
	Collection string `json:"collection"`
}

// verifier compares a stored collection of words with what is wanted.
func (w *Words) verifier(of *remote) func(*qdrant.CollectionConfig) error {
	return func(config *qdrant.CollectionConfig) error {
		text := config.GetMetadata()[wordsNote].GetStringValue()
		if text == "" {
			return of.fail(match.Conflict, "open", errors.New("its metadata has no "+wordsNote+": it is not Duijie's"))
		}
		var stored storedWords
		if err := json.Unmarshal([]byte(text), &stored); err != nil {
			return of.fail(match.Corrupt, "open", fmt.Errorf("metadata %s: %w", wordsNote, err))
		}
		if stored.Version != wordsVersion {
			return of.fail(match.Conflict, "open", fmt.Errorf("stored in layout %d, this program knows %d", stored.Version, wordsVersion))
		}
		if stored.Collection != w.of {
			return of.fail(match.Conflict, "open", fmt.Errorf("has the words of %s, not of %s", stored.Collection, w.of))
		}
		return nil
	}
}
