package server

import (
	"log/slog"
	"net/http"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/duijie/duijie/internal/match"
)

// outermost gives each HTTP request its id, unless a call does, and notes those that did not come as
// far as a call, which notes itself.
func (s *Server) outermost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		sent := r.Header.Get(idHeader)
		id := saneID(sent)
		if sent != "" { // else a call makes its own
			r.Header.Set(idHeader, id)
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		out := &response{ResponseWriter: w, id: id}
		next.ServeHTTP(out, r)
		if out.called {
			return
		}
		s.config.Log.LogAttrs(r.Context(), slog.LevelInfo, "http",
			slog.String("method", r.Method), slog.Int("code", out.code),
			slog.Duration("took", time.Since(began)), slog.String("request_id", id))
	})
}

// response sees to the id's header. A call has set it before the answer is written;
// where it is missing, the gateway alone has answered.
type response struct {
	http.ResponseWriter
	id     string
	code   int
	called bool
}

func (r *response) WriteHeader(code int) {
	if r.code == 0 {
		r.code = code
		if r.called = r.Header().Get(idHeader) != ""; !r.called {
			r.Header().Set(idHeader, r.id)
		}
	}
	r.ResponseWriter.WriteHeader(code)
}

func (r *response) Write(b []byte) (int, error) {
	if r.code == 0 {
		r.WriteHeader(http.StatusOK)
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (r *response) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// limitBody refuses bodies that no call would take. One whose length is not told is
// cut off while it is read. That of an import has a limit for each line instead.
func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isImport(r) {
			next.ServeHTTP(w, r)
			return
		}
		if r.ContentLength > maxMessage {
			writeError(w, http.StatusRequestEntityTooLarge, codes.InvalidArgument, match.LocalText{EN: tooLarge, ZH: gatewayChinese(tooLarge)})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxMessage)
		next.ServeHTTP(w, r)
	})
}
