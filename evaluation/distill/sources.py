"""The unlabelled texts that the model learns from, and the word list."""

import json
import re

from tokens import fold

SENTENCE = re.compile(r"[。；;！？!?\n\r]+")
CLAUSE = re.compile(r"[。；;！？!?\n\r，,]+")


def read_jsonl(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def demand_texts(queries):
    out = []
    for q in queries:
        out += [q["title"], q["text"], q["title"] + "\n" + q["text"]]
        out += SENTENCE.split(q["text"])
    return out


def patent_texts(patents):
    out = []
    for p in patents:
        out += [p["title"], p["abstract"]]
        out += SENTENCE.split(p["abstract"]) + CLAUSE.split(p["abstract"])
    return out


def distinct(texts):
    """The texts of at least two characters, stripped, in order, each once."""
    stripped = (t.strip() for t in texts)
    return list(dict.fromkeys(t for t in stripped if len(t) > 1))


def dictionary(path):
    """Words of jieba's dict.txt (word, frequency, tag), folded, the most frequent first."""
    words = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            word, frequency, tag = line.rstrip("\n").split(" ")
            word = fold(word)
            if word not in words or words[word][0] < int(frequency):
                words[word] = (int(frequency), tag)
    return dict(sorted(words.items(), key=lambda w: (-w[1][0], w[0])))
