package server

import (
	"bytes"
	"context"
	"io"
	"net/http"
)

// InProcess serves for who has the server in the same process, on no port: calls go
// through the HTTP API all the same. It ends with ctx; ended is closed then.
func (s *Server) InProcess(ctx context.Context) (client *http.Client, ended <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := s.Serve(ctx, Listeners{}); err != nil {
			s.config.Log.Error("serving in process", "error", err)
		}
	}()
	return &http.Client{Transport: inProcess{s.http.Handler}}, done
}

type inProcess struct{ handler http.Handler }

// RoundTrip has the handler answer.
func (p inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body == nil {
		req.Body = http.NoBody
	}
	req.RequestURI = req.URL.RequestURI()
	w := &held{header: http.Header{}, code: http.StatusOK}
	p.handler.ServeHTTP(w, req)
	return &http.Response{
		StatusCode: w.code, Status: http.StatusText(w.code), Header: w.header, Request: req,
		Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// held is an answer in memory.
type held struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (h *held) Header() http.Header         { return h.header }
func (h *held) WriteHeader(code int)        { h.code = code }
func (h *held) Write(b []byte) (int, error) { return h.body.Write(b) }
