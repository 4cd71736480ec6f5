//go:build !unix

package qdranttest

import "errors"

var errPause = errors.New("a process cannot be paused on this system")

// Pause and Resume are for Unix.
func (s *Server) Pause() error  { return errPause }
func (s *Server) Resume() error { return errPause }
