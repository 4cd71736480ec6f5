// Package storetest is the conformance suite of stores: one subtest for each
// promise of package store. A new implementation is done when it passes Run, if it
// outlives its process RunDurable, and if several processes have it open RunShared.
//
// The suite knows nothing of how a store works. It compares with a model in memory
// (model.go) where a promise is about all sequences of calls.
package storetest
