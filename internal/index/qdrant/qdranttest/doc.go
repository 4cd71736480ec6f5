// Package qdranttest finds or starts a real Qdrant server for tests.
//
// It is for tests alone and knows nothing of package qdrant, so tests of any
// package can use it. What it starts listens on loopback, sends no telemetry, is
// shared by all tests of a binary, and ends with the binary, however that ends.
package qdranttest
