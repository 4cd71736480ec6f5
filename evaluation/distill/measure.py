"""Measures a model file, and the teacher, on labelled pairs in BEIR layout.

    python3 evaluation/distill/measure.py --dataset ../shared/data/bdci2019 --split train \
        --model internal/embed/static/model/duijie-zh-1.static \
        [--teacher bge.onnx --tokenizer bge-tokenizer.json --cache /tmp/teacher.pkl]

A pair's score is cosine(title, title) + cosine(title and text, title and text).
nDCG@10 over the judged candidates of each demand, gain 2^(level-1)-1, mean over
demands with at least 5 candidates and one above level 1; AUC of level 3 or more
over all pairs. Half A and half B are of whole groups of near twins (cosine of
the static vectors 0.95 or more): choices are made on A and reported on B.
"""

import argparse
import collections
from pathlib import Path

import numpy as np

import modelfile
import sources
import teacher


def read_qrels(path):
    levels = collections.defaultdict(list)
    with open(path, encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            query, document, level = line.split("\t")
            levels[query].append((document, int(level)))
    return levels


def whole(record):
    return (record["title"] + "\n" + record.get("text", "")).strip()


def ndcg(scores, levels, depth=10):
    gains = 2.0 ** (np.array(levels) - 1) - 1
    discounts = 1 / np.log2(np.arange(depth) + 2)
    ranked = gains[np.argsort(-np.array(scores), kind="stable")][:depth]
    best = np.sort(gains)[::-1][:depth]
    return (ranked @ discounts[: len(ranked)]) / (best @ discounts[: len(best)])


def auc(scores, positive):
    from scipy.stats import rankdata

    ranks, positive = rankdata(scores), np.array(positive)
    n, rest = positive.sum(), (~positive).sum()
    return (ranks[positive].sum() - n * (n + 1) / 2) / (n * rest)


def half_a(queries, vectors, seed=7):
    """Half of the groups of near twins, drawn with a fixed seed."""
    ids = sorted(queries)
    matrix = np.stack([vectors[whole(queries[i])] for i in ids])
    groups, near = {}, matrix @ matrix.T >= 0.95
    for i in range(len(ids)):
        for j in np.flatnonzero(near[i, : i + 1]):
            old, new = groups.get(i, i), groups.get(j, j)
            groups = {k: new if g == old else g for k, g in groups.items()} | {i: new}
    numbers = sorted(set(groups.values()))
    chosen = set(np.random.RandomState(seed).permutation(numbers)[: len(numbers) // 2])
    return {ids[i] for i, group in groups.items() if group in chosen}


def measure(name, vectors, queries, corpus, qrels, half):
    """Prints the figures of one model; vectors maps a text to its unit vector."""
    each, scores, good = {}, [], []
    for query, judged in qrels.items():
        title, both = vectors[queries[query]["title"].strip()], vectors[whole(queries[query])]
        pairs = [
            vectors[corpus[d]["title"].strip()] @ title + vectors[whole(corpus[d])] @ both for d, _ in judged
        ]
        levels = [level for _, level in judged]
        scores += pairs
        good += [level >= 3 for level in levels]
        if len(levels) >= 5 and max(levels) > 1:
            each[query] = ndcg(pairs, levels)
    a = np.mean([x for q, x in each.items() if q in half])
    b = np.mean([x for q, x in each.items() if q not in half])
    mean = np.mean(list(each.values()))
    print(f"{name}: nDCG@10 {mean:.4f} (A {a:.4f}, B {b:.4f}; {len(each)} demands), AUC {auc(scores, good):.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--split", default="train")
    parser.add_argument("--model", type=Path, required=True, nargs="+")
    parser.add_argument("--teacher", type=Path)
    parser.add_argument("--tokenizer", type=Path)
    parser.add_argument("--cache", type=Path)
    args = parser.parse_args()
    qrels = read_qrels(args.dataset / "qrels" / f"{args.split}.tsv")
    queries = {q["_id"]: q for q in sources.read_jsonl(args.dataset / "queries.jsonl") if q["_id"] in qrels}
    corpus = {c["_id"]: c for c in sources.read_jsonl(args.dataset / "corpus.jsonl")}
    texts = sorted({t for r in [*queries.values(), *corpus.values()] for t in (r["title"].strip(), whole(r))})
    half = None
    for path in args.model:
        model = modelfile.Model(path)
        vectors = {t: model.embed(t) for t in texts}
        half = half or half_a(queries, vectors)
        measure(path.name, vectors, queries, corpus, qrels, half)
    if args.teacher:
        rows = teacher.embed(texts, args.teacher, args.tokenizer, args.cache)
        measure(args.teacher.name, dict(zip(texts, rows)), queries, corpus, qrels, half)


if __name__ == "__main__":
    main()
