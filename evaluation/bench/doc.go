// Command bench measures the harness beside ranx and ir_measures on the same
// files, each as a process of its own with its start, reading and computing:
//
//	go run ./evaluation/bench -queries 10000 -candidates 1000            # ours alone
//	go run ./evaluation/bench -queries 1000 -candidates 1000 -peers      # with ratios
//
// Ours computes all metrics, their values of single queries and 1,000 bootstrap
// samples of each. The peers are measured in two ways, each with those of the same
// metrics that it has: means alone, which is less work than ours, and with the same
// intervals, which takes its values of single queries and a bootstrap by hand. The
// time of starting Python is shown beside. Peers need `pip install ranx ir_measures`.
package main
