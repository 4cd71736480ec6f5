package onnx

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text/subword"
)

// Embedder runs one model. It is safe for concurrent use; all calls share its
// threads.
type Embedder struct {
	config    Config
	folder    folder
	tokeniser *subword.Tokeniser
	session   *session
	identity  string
	pooling   Pooling
	limit     int // tokens
	dim       int
	lanes     chan *lane // one for each thread; empty and closed after Close
	truncated atomic.Int64
	warned    sync.Once
	closed    sync.Once
}

var (
	_ embed.Embedder = (*Embedder)(nil)
	_ embed.Limited  = (*Embedder)(nil)
)

// defaultLimit is that of BERT, for folders that name none.
const defaultLimit = 512

// Open loads library, tokeniser and graph, and runs one text. Errors are of kind
// Invalid, or NotFound where a file is missing; they name the file and where it
// was looked for.
func Open(config Config) (*Embedder, error) {
	if err := config.Validate(); err != nil {
		return nil, match.About("onnx embedder", err)
	}
	e := &Embedder{config: config.withDefaults()}
	var err error
	if e.folder, err = readFolder(config.Dir); err != nil {
		return nil, match.About("onnx embedder", err)
	}
	if e.tokeniser, err = subword.Open(e.folder.tokeniser); err != nil {
		return nil, match.About("onnx embedder", err)
	}
	if err := e.settle(); err != nil {
		return nil, match.About("onnx embedder", err)
	}
	if err := e.start(); err != nil {
		return nil, match.About("onnx embedder", err)
	}
	return e, nil
}

// settle takes from the folder what the configuration leaves open.
func (e *Embedder) settle() error {
	e.pooling = firstOf(e.config.Pooling, e.folder.pooling, CLS)
	e.config.QueryPrefix = firstOf(e.config.QueryPrefix, e.folder.query)
	e.config.DocumentPrefix = firstOf(e.config.DocumentPrefix, e.folder.document)
	own := firstOf(e.folder.limit, e.tokeniser.Limit(), defaultLimit)
	e.limit = firstOf(e.config.MaxTokens, own)
	if e.limit > own {
		return match.Invalidf("max_tokens", fmt.Sprintf("%d is more than the model's limit of %d", e.limit, own))
	}
	for _, prefix := range []string{e.config.QueryPrefix, e.config.DocumentPrefix} {
		if n := e.tokeniser.Count(prefix); n >= e.limit {
			return match.Invalidf("max_tokens", fmt.Sprintf("%d leaves no room for a text beside %d tokens of prefix and frame", e.limit, n))
		}
	}
	return nil
}

func firstOf[T comparable](values ...T) T {
	var zero T
	for _, v := range values {
		if v != zero {
			return v
		}
	}
	return zero
}

// start loads the graph and finds out how many dimensions it gives.
func (e *Embedder) start() error {
	l, err := openLibrary(e.config.Library, e.folder.dir)
	if err != nil {
		return err
	}
	e.identity, err = identity(e.folder, string(e.pooling), e.config.QueryPrefix, e.config.DocumentPrefix, fmt.Sprint(e.limit), l.version)
	if err != nil {
		return err
	}
	if e.session, err = newSession(l, e.folder.graph); err != nil {
		return err
	}
	e.lanes = make(chan *lane, e.config.Threads)
	for range e.config.Threads {
		e.lanes <- &lane{session: e.session}
	}
	err = e.probe()
	if err != nil {
		e.session.close()
	}
	return match.About(e.folder.graph, err)
}

// probe runs one text.
func (e *Embedder) probe() error {
	l := <-e.lanes
	defer func() { e.lanes <- l }()
	return l.run(e.tokeniser.Encode("patent 专利", e.limit), func(s states) error {
		e.dim = s.dim
		return e.pooling.pool(make([]float32, s.dim), s)
	})
}

// Identity is "onnx/NAME/DIGEST": the folder's name, and a digest of graph,
// tokeniser, pooling, prefixes, limit and the library's version.
func (e *Embedder) Identity() string { return e.identity }

// Dim is the number of dimensions.
func (e *Embedder) Dim() int { return e.dim }

// Files are the files that a model was opened from, and the settings that they
// were read with.
type Files struct {
	Graph, Tokeniser string // paths
	Pooling          Pooling
	MaxTokens        int
}

// Files says what was opened.
func (e *Embedder) Files() Files {
	return Files{Graph: e.folder.graph, Tokeniser: e.folder.tokeniser, Pooling: e.pooling, MaxTokens: e.limit}
}

// Library says which library runs the graph, such as "1.32.0 /usr/lib/libonnxruntime.so".
func (e *Embedder) Library() string { return e.session.library.version + " " + e.session.library.path }

// Truncated is how many texts were longer than the model's limit since Open.
func (e *Embedder) Truncated() int64 { return e.truncated.Load() }

// MaxTokens is the number of tokens to which texts are cut.
func (e *Embedder) MaxTokens() int { return e.limit }

// Limit is the number of code points that fit for certain: MaxTokens without
// prefix and special tokens, by what one code point can take, which is one token
// or, where bytes are tokens, four. Text that the tokeniser spells with more
// characters than it has (Hangul where accents are stripped, ligatures) may take
// more; Tokens tells.
func (e *Embedder) Limit() int {
	prefix := max(e.tokeniser.Count(e.config.QueryPrefix), e.tokeniser.Count(e.config.DocumentPrefix))
	const mark = 1 // what some tokenisers set before the first word
	return max(1, (e.limit-prefix-mark)/e.tokeniser.Worst())
}

// Tokens is how many tokens text has in a role, with prefix and special tokens.
// Where it is more than MaxTokens, Embed cuts the text off.
func (e *Embedder) Tokens(role embed.Role, text string) int {
	return e.tokeniser.Count(e.prefix(role) + text)
}

func (e *Embedder) prefix(role embed.Role) string {
	if role == embed.Query {
		return e.config.QueryPrefix
	}
	return e.config.DocumentPrefix
}

// Close frees the graph once no call runs it. Embed is an error afterwards.
func (e *Embedder) Close() error {
	e.closed.Do(func() {
		for range e.config.Threads {
			<-e.lanes
		}
		close(e.lanes)
		e.session.close()
	})
	return nil
}
