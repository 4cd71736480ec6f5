"""Makes the built-in embedding model of internal/embed/static.

    python3 evaluation/distill/distill.py \
        --data ../shared/data --teacher bge.onnx --tokenizer bge-tokenizer.json \
        --dictionary dict.txt --cache /tmp/teacher.pkl \
        --out internal/embed/static/model/duijie-zh-1.static \
        --vectors internal/embed/static/testdata/vectors.json

A transformer teacher embeds each entry of the vocabulary alone and each text as
a whole. The vectors of the entries, turned to the principal axes, are the start;
ridge regression then moves them so that the weighted mean of a text's tokens
comes close to the teacher's vector of the text. The texts are those of the
records, read without their labels, and phrases of three words drawn at random,
for the words that the records lack. The same input gives the same file.

Needs numpy, scipy, jieba, onnxruntime and tokenizers.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the same sums in the same order

import argparse
import json
from pathlib import Path

import numpy as np
import scipy.sparse

import learn
import modelfile
import sources
import teacher
import vocabulary
from tokens import Cutter

SAMPLES = Path(__file__).with_name("samples.txt")
GLOSSARY = Path(__file__).with_name("glossary.tsv")
COMMON = Path(__file__).with_name("common.txt")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with bdci2019 and bdci2022")
    parser.add_argument("--teacher", type=Path, required=True, help="ONNX file")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json of the teacher")
    parser.add_argument("--dictionary", type=Path, required=True, help="jieba's dict.txt")
    parser.add_argument("--cache", type=Path, required=True, help="file that keeps the teacher's vectors")
    parser.add_argument("--out", type=Path, required=True, help="model file to write")
    parser.add_argument("--vectors", type=Path, help="file for vectors of samples.txt, for the Go tests")
    parser.add_argument("--name", default="duijie-zh-1")
    parser.add_argument("--size", type=int, default=33000, help="entries of the vocabulary")
    parser.add_argument("--dims", type=int, default=256)
    parser.add_argument("--sif", type=float, default=3e-4, help="a of the weights a/(a+p)")
    parser.add_argument("--here", type=float, default=0.5, help="part of p that comes from the texts")
    parser.add_argument("--map", type=float, default=10, help="penalty of the linear map of all entries")
    parser.add_argument("--ridge", type=float, default=0.03, help="penalty of each entry's own change")
    parser.add_argument("--rounds", type=int, default=4, help="phrases that each word occurs in")
    parser.add_argument("--phrase", type=float, default=0.3, help="weight of a phrase; a text has 1")
    parser.add_argument("--seed", type=int, default=1, help="of the phrases")
    parser.add_argument("--without", choices=["bdci2019"], help="leave these texts out of the learning")
    return parser.parse_args()


def read_texts(data, without):
    """The records' texts (for frequencies) and all texts to learn from."""
    queries = sources.read_jsonl(data / "bdci2019/queries.jsonl")
    titles = [c["title"] for c in sources.read_jsonl(data / "bdci2019/corpus.jsonl")]
    patents = sources.read_jsonl(data / "bdci2022/patents.jsonl")
    if without == "bdci2019":
        queries, titles = [], []
    whole = [q["title"] + "\n" + q["text"] for q in queries] + titles
    whole += [p["title"] + "\n" + p["abstract"] for p in patents]
    parts = sources.demand_texts(queries) + titles + sources.patent_texts(patents)
    return sources.distinct(whole), sources.distinct(parts)


def word_vectors(entries, terms, embed):
    """The teacher's vector of each entry; of a glossary term, that of its Chinese words."""
    chinese = sorted({word for words in terms.values() for word in words})
    by_word = dict(zip(chinese, embed(chinese)))
    vectors = embed(entries).astype(np.float64)
    for i, entry in enumerate(entries):
        if entry in terms:
            mean = np.mean([by_word[w] for w in terms[entry]], axis=0)
            vectors[i] = mean / np.linalg.norm(mean)
    return vectors


def main():
    args = arguments()
    whole, parts = read_texts(args.data, args.without)
    words = sources.dictionary(args.dictionary)
    terms = vocabulary.glossary(GLOSSARY)
    entries = vocabulary.choose(args.size, whole, words, args.tokenizer, terms)
    english = vocabulary.common(COMMON)
    weights = args.sif / (args.sif + np.array(vocabulary.frequencies(entries, whole, words, args.here, english)))

    def embed(texts):
        return teacher.embed(texts, args.teacher, args.tokenizer, args.cache)

    start = word_vectors(entries, terms, embed)
    phrases = vocabulary.phrases(entries, args.rounds, args.seed)
    sets = [(parts, embed(parts), 1.0)]
    if phrases:
        sets.append((phrases, embed(phrases), args.phrase))
    vectors = fit(entries, terms, weights, start, sets, args)
    digest = modelfile.write(args.out, args.name, entries, weights, vectors)
    print(f"{args.out}: {len(entries)} entries, {len(parts)} texts, {args.out.stat().st_size} bytes, {digest[:12]}")
    if args.vectors:
        record(args.out, args.vectors)


def fit(entries, terms, weights, start, sets, args):
    """Principal axes of the words; one linear map for all; then each entry by itself.

    sets are (texts, the teacher's vectors, weight); each is centred on its own mean.
    """
    axes = learn.principal_axes(start, args.dims)
    start = centred(entries, terms, start) @ axes
    cutter, matrices, targets = Cutter(entries), [], []
    for texts, vectors, weight in sets:
        cuts = [[entry for entry, _, _ in cutter.cut(t)] for t in texts]
        kept = [i for i, cut in enumerate(cuts) if cut]
        goal = vectors[kept].astype(np.float64)
        matrices.append(np.sqrt(weight) * learn.mean_matrix([cuts[i] for i in kept], weights))
        targets.append(np.sqrt(weight) * (goal - goal.mean(axis=0)) @ axes)
    matrix, goals = scipy.sparse.vstack(matrices).tocsr(), np.concatenate(targets)
    if args.map:
        start = start @ learn.linear_map(matrix @ start, goals, args.map)
    return learn.ridge(matrix, start, goals, args.ridge) if args.ridge else start


def centred(entries, terms, vectors):
    """Foreign words that the glossary does not give in Chinese lie together in the
    teacher's space, whatever they mean; taking their own mean from them leaves the
    meaning. The others are centred on the mean of all."""
    foreign = np.array([vocabulary.foreign(e) and e not in terms for e in entries])
    out = vectors - vectors.mean(axis=0)
    out[foreign] = vectors[foreign] - vectors[foreign].mean(axis=0)
    return out


def record(path, out):
    """Tokens and vectors of the sample texts, as the Go tests compare them."""
    model = modelfile.Model(path)
    lines = SAMPLES.read_text(encoding="utf-8").split("\n")[:-1]
    cases = []
    for text in (json.loads(line) for line in lines):
        tokens = [[model.entries[entry], start, end] for entry, start, end in model.cutter.cut(text)]
        cases.append({"text": text, "tokens": tokens, "vector": [float(x) for x in model.embed(text)]})
    body = ",\n".join(json.dumps(case, ensure_ascii=True) for case in cases)
    out.write_text(f"[\n{body}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
