// Package indextest holds the promises of index.Index as a test suite that every
// implementation runs. It compares searches with a brute-force reference in
// float64 and assumes nothing about time, so it also serves for a remote server.
package indextest
