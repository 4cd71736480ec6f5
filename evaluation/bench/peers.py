"""Reads TREC files and computes the metrics of the harness that a peer has.
Usage: peers.py ranx|ir_measures QRELS RUN"""
import sys

CUTS = {"ndcg": (5, 10, 20), "p": (1, 5, 10), "recall": (5, 10, 20, 50, 100)}


def ranx(qrels, run):
    from ranx import Qrels, Run, evaluate

    names = ["mrr-l3", "map-l3", "bpref-l3"]
    names += [f"ndcg_burges@{k}" for k in CUTS["ndcg"]]
    names += [f"precision@{k}-l3" for k in CUTS["p"]] + [f"recall@{k}-l3" for k in CUTS["recall"]]
    return evaluate(Qrels.from_file(qrels, kind="trec"), Run.from_file(run, kind="trec"), names)


def ir_measures(qrels, run):
    import ir_measures
    from ir_measures import AP, Bpref, P, R, RR, nDCG

    measures = [RR(rel=3), AP(rel=3), Bpref(rel=3)]
    measures += [nDCG(gains={1: 0, 2: 1, 3: 3, 4: 7}) @ k for k in CUTS["ndcg"]]
    measures += [P(rel=3) @ k for k in CUTS["p"]] + [R(rel=3) @ k for k in CUTS["recall"]]
    return ir_measures.calc_aggregate(measures, ir_measures.read_trec_qrels(qrels), ir_measures.read_trec_run(run))


if __name__ == "__main__":
    values = {"ranx": ranx, "ir_measures": ir_measures}[sys.argv[1]](*sys.argv[2:4])
    print("  " + ", ".join(f"{k} {v:.4f}" for k, v in values.items() if "10" in str(k)))
