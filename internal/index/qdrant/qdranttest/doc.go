// Package qdranttest finds or starts a real Qdrant server for tests: one that all tests
// of a binary share (Addr), one that a test has to itself and may kill (Own), or several
// nodes of one cluster (Cluster).
//
// It is for tests alone and knows nothing of package qdrant, so tests of any
// package can use it. What it starts listens on loopback, sends no telemetry, and ends
// with the test binary, however that ends.
package qdranttest
