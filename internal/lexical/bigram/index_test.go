package bigram_test

import (
	"testing"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/lexical/lexicaltest"
)

func TestBigramIsALexicalIndex(t *testing.T) {
	lexicaltest.Run(t, func(*testing.T) lexical.Index { return bigram.New() })
}
