"""Reads TREC files and computes the metrics of the harness that a peer has.
Usage: peers.py PEER WHAT QRELS RUN

WHAT is start (import the peer, nothing else), means, or intervals: what it takes to
get a 95 % interval of every mean from the peer, which has values of queries but no
intervals, so that 1,000 bootstrap samples are drawn with numpy."""
import sys

CUTS = {"ndcg": (5, 10, 20), "p": (1, 5, 10), "recall": (5, 10, 20, 50, 100)}


def ranx(what, qrels, run):
    from ranx import Qrels, Run, evaluate

    if what == "start":
        return {}
    # ndcg_burges takes 2^level-1 as gain, ours 2^(level-1)-1: as much work, another value
    names = ["mrr-l3", "map-l3", "bpref-l3"]
    names += [f"ndcg_burges@{k}" for k in CUTS["ndcg"]]
    names += [f"precision@{k}-l3" for k in CUTS["p"]] + [f"recall@{k}-l3" for k in CUTS["recall"]]
    qrels, run = Qrels.from_file(qrels, kind="trec"), Run.from_file(run, kind="trec")
    if what == "means":
        return evaluate(qrels, run, names)
    values = evaluate(qrels, run, names, return_mean=False)
    return bootstrap({name: dict(enumerate(v)) for name, v in values.items()})


def ir_measures(what, qrels, run):
    import ir_measures
    from ir_measures import AP, Bpref, P, R, RR, nDCG

    if what == "start":
        return {}
    measures = [RR(rel=3), AP(rel=3), Bpref(rel=3)]
    measures += [nDCG(gains={1: 0, 2: 1, 3: 3, 4: 7}) @ k for k in CUTS["ndcg"]]
    measures += [P(rel=3) @ k for k in CUTS["p"]] + [R(rel=3) @ k for k in CUTS["recall"]]
    qrels, run = ir_measures.read_trec_qrels(qrels), ir_measures.read_trec_run(run)
    if what == "means":
        return ir_measures.calc_aggregate(measures, qrels, run)
    values = {m: {} for m in measures}
    for value in ir_measures.iter_calc(measures, qrels, run):
        values[value.measure][value.query_id] = value.value
    return bootstrap(values)


def bootstrap(values):
    import numpy as np

    queries = sorted(next(iter(values.values())))
    table = np.array([[of[q] for of in values.values()] for q in queries])
    random, n = np.random.default_rng(0), len(queries)
    samples = [np.bincount(random.integers(0, n, n), minlength=n) @ table / n for _ in range(1000)]
    low, high = np.percentile(samples, [2.5, 97.5], axis=0)
    print("  nDCG@10 from %.4f to %.4f" % next((a, b) for m, a, b in zip(values, low, high) if "DCG" in str(m).upper() and "10" in str(m)))
    return dict(zip(values, table.mean(axis=0)))


if __name__ == "__main__":
    values = {"ranx": ranx, "ir_measures": ir_measures}[sys.argv[1]](*sys.argv[2:5])
    if values:
        print("  " + ", ".join(f"{k} {v:.4f}" for k, v in values.items() if "DCG" in str(k).upper() and "10" in str(k)))
