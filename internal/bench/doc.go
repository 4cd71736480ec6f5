// Package bench measures this machine: how fast texts are embedded, how long indexes take
// to be filled and built, how much memory and disk they need, how fast they answer, and
// how much of the exact answer they find, over the sizes of catalogs that package workload
// makes up.
//
// It judges nothing: figures are for people, for a plot, or for a script (JSON), whose
// units are in the names. On a machine that others use, the processor time of a search
// says more than its latency.
//
// Callers rely on this: the same configuration makes the same catalogs and asks the same
// queries; what is measured of several indexes was measured in one run, on the same
// vectors, against the same exact answers.
package bench
