// Command bench measures the harness beside ranx and ir_measures on the same
// files, each as a process of its own with its start, reading and computing:
//
//	go run ./evaluation/bench -queries 10000 -candidates 1000            # ours alone
//	go run ./evaluation/bench -queries 1000 -candidates 1000 -peers      # with ratios
//
// Ours computes all metrics and 1,000 bootstrap samples; the peers compute those
// of the same metrics that they have, and no interval. Peers need
// `pip install ranx ir_measures`.
package main
