// Package embedtest is the suite that every embed.Embedder passes.
//
// It tests what embed.Embedder promises and nothing about how good the vectors
// are. An implementation's own tests call Run with a function that opens it.
package embedtest
