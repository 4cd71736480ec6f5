package onnx

import (
	"fmt"
	"runtime"
	"slices"

	"github.com/duijie/duijie/internal/match"
)

// session is one graph, ready to run. Any number of lanes may run it at once.
type session struct {
	library *library
	handle  handle
	inputs  []input
	output  text
	pooled  bool // the graph gives one vector for a text, not one for each token
}

// input is one of the graph's inputs.
type input struct {
	name text
	of   source
	kind uintptr // typeInt64 or typeInt32
}

// source is what an input is fed with.
type source uint8

const (
	fromIDs source = iota
	fromMask
	fromTypes
	fromPlaces
)

// sources are the names that exporters give to inputs.
var sources = map[string]source{
	"input_ids":      fromIDs,
	"attention_mask": fromMask,
	"token_type_ids": fromTypes,
	"position_ids":   fromPlaces,
}

// Names that exporters give to outputs, the best one first: a whole text's
// vector, then one vector for each token.
var (
	pooledOutputs = []string{"sentence_embedding"}
	tokenOutputs  = []string{"last_hidden_state", "token_embeddings"}
)

// newSession loads a graph to run on one thread at a time. Errors are of kind
// Invalid.
func newSession(l *library, graph string) (*session, error) {
	options, err := l.options()
	if err != nil {
		return nil, err
	}
	defer l.release(releaseSessionOptions, options)
	path, err := pathText(graph)
	if err != nil {
		return nil, err
	}
	var pins runtime.Pinner
	defer pins.Unpin()
	made, err := l.get(createSession, l.env, path.pin(&pins), options)
	if err != nil {
		return nil, &match.Error{Kind: match.Invalid, Record: graph, Reason: "cannot be run by ONNX Runtime " + l.version, Err: err}
	}
	s := &session{library: l, handle: made}
	if err := s.inspect(); err != nil {
		s.close()
		return nil, match.About(graph, err)
	}
	return s, nil
}

// options are those of a session that runs on its caller's thread.
func (l *library) options() (handle, error) {
	options, err := l.get(createSessionOptions)
	if err != nil {
		return 0, err
	}
	for _, set := range [][2]uintptr{{setIntraOpThreads, 1}, {setInterOpThreads, 1}, {setGraphOptimization, optimiseAll}} {
		if err := l.call(int(set[0]), options, set[1]); err != nil {
			l.release(releaseSessionOptions, options)
			return 0, err
		}
	}
	// Texts differ in length: a plan of memory for each length would only grow.
	if err := l.call(disableMemPattern, options); err != nil {
		l.release(releaseSessionOptions, options)
		return 0, err
	}
	return options, nil
}

func (s *session) close() {
	s.library.release(releaseSession, s.handle)
	s.handle = 0
}

// inspect finds what the graph wants and which of its outputs to take.
func (s *session) inspect() error {
	inputs, err := s.ports(sessionInputCount, sessionInputName, sessionInputType)
	if err != nil {
		return err
	}
	for _, p := range inputs {
		of, ok := sources[p.name]
		switch {
		case !ok:
			return match.Invalidf("input "+p.name, "is not known; there are input_ids, attention_mask, token_type_ids and position_ids")
		case p.kind != typeInt64 && p.kind != typeInt32:
			return match.Invalidf("input "+p.name, "is neither int64 nor int32")
		}
		s.inputs = append(s.inputs, input{name: newText(p.name), of: of, kind: p.kind})
	}
	outputs, err := s.ports(sessionOutputCount, sessionOutputName, sessionOutputType)
	if err != nil {
		return err
	}
	return s.choose(outputs)
}

// choose takes an output by its name, or the only one by its shape.
func (s *session) choose(outputs []port) error {
	var names []string
	for _, p := range outputs {
		names = append(names, p.name)
	}
	take := func(p port, pooled bool) error {
		if p.kind != typeFloat32 {
			return match.Invalidf("output "+p.name, "is not float32")
		}
		s.output, s.pooled = newText(p.name), pooled
		return nil
	}
	for _, want := range pooledOutputs {
		if i := slices.Index(names, want); i >= 0 {
			return take(outputs[i], true)
		}
	}
	for _, want := range tokenOutputs {
		if i := slices.Index(names, want); i >= 0 {
			return take(outputs[i], false)
		}
	}
	if len(outputs) == 1 && (outputs[0].rank == 2 || outputs[0].rank == 3) {
		return take(outputs[0], outputs[0].rank == 2)
	}
	return match.Invalidf("outputs", fmt.Sprintf("%q hold none of %q and %q", names, pooledOutputs, tokenOutputs))
}

// port is an input or output as the graph describes it.
type port struct {
	name string
	kind uintptr
	rank uintptr
}

func (s *session) ports(count, name, kind int) ([]port, error) {
	l := s.library
	n, err := l.get(count, s.handle)
	if err != nil {
		return nil, err
	}
	ports := make([]port, n)
	for i := range ports {
		address, err := l.get(name, s.handle, uintptr(i), l.allocator)
		if err != nil {
			return nil, err
		}
		ports[i].name = textAt(address)
		if err := l.call(allocatorFree, l.allocator, address); err != nil {
			return nil, err
		}
		info, err := l.get(kind, s.handle, uintptr(i))
		if err != nil {
			return nil, err
		}
		if err := s.describe(&ports[i], info); err != nil {
			return nil, err
		}
	}
	return ports, nil
}

// describe reads the type of a port and frees it. A list or map keeps the kind 0,
// which nothing takes.
func (s *session) describe(p *port, info handle) error {
	l := s.library
	defer l.release(releaseTypeInfo, info)
	tensor, err := l.get(castToTensorInfo, info) // a part of info
	if err != nil || tensor == 0 {
		return err
	}
	if p.kind, err = l.get(tensorElementType, tensor); err != nil {
		return err
	}
	p.rank, err = l.get(dimensionsCount, tensor)
	return err
}

// rank is the number of dimensions of the output.
func (s *session) rank() uintptr {
	if s.pooled {
		return 2
	}
	return 3
}
