"""Measures a TREC run with ir_measures (trec_eval) and prints JSON on stdout:
{"aggregate": {name: value}, "queries": {name: {query: value}}}, with the names of
package evaluation. Usage: irmeasures.py QRELS RUN. Levels are 1-4, gains
2^(level-1)-1, relevant from level 3."""
import json
import sys

import ir_measures
from ir_measures import AP, Bpref, P, R, RR, nDCG

GAINS = {1: 0, 2: 1, 3: 3, 4: 7}
names = {"mrr(rel>=3)": RR(rel=3), "map(rel>=3)": AP(rel=3), "bpref(rel>=3)": Bpref(rel=3),
         "condensed_map(rel>=3)": AP(rel=3, judged_only=True)}
for k in (5, 10, 20):
    names[f"ndcg@{k}"] = nDCG(gains=GAINS) @ k
    names[f"condensed_ndcg@{k}"] = nDCG(gains=GAINS, judged_only=True) @ k
for k in (1, 5, 10):
    names[f"p@{k}(rel>=3)"] = P(rel=3) @ k
for k in (5, 10, 20, 50, 100):
    names[f"recall@{k}(rel>=3)"] = R(rel=3) @ k

qrels = list(ir_measures.read_trec_qrels(sys.argv[1]))
run = list(ir_measures.read_trec_run(sys.argv[2]))
by_measure = {m: n for n, m in names.items()}
queries = {n: {} for n in names}
for metric in ir_measures.iter_calc(list(names.values()), qrels, run):
    queries[by_measure[metric.measure]][metric.query_id] = metric.value
aggregate = {by_measure[m]: v for m, v in ir_measures.calc_aggregate(list(names.values()), qrels, run).items()}
json.dump({"aggregate": aggregate, "queries": queries}, sys.stdout, sort_keys=True)
