"""Which entries the model has, and how frequent each is in text."""

import collections
import json
import random
import re

import sources
from tokens import CONTINUATION, Cutter, fold, is_digit, is_latin

HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[a-z]+")
NAMES_AND_SAYINGS = {"nr", "nrt", "nrfg", "nt", "i", "e", "o"}  # tags of jieba's list
LONGEST_WORD = 10
COMMON = 0.003  # p of what says little alone: inner pieces, single letters, digits


def glossary(path):
    """Foreign terms and units, each with the Chinese words that say the same."""
    with open(path, encoding="utf-8") as lines:
        pairs = [line.rstrip("\n").split("\t") for line in lines]
    return {fold(term): chinese.split(" ") for term, chinese in pairs}


def latin_pieces(tokenizer):
    """Whole Latin words and inner pieces of the teacher's vocabulary."""
    with open(tokenizer, encoding="utf-8") as file:
        words = json.load(file)["model"]["vocab"]
    return [w for w in words if LATIN.fullmatch(w.removeprefix(CONTINUATION))]


def known_characters(tokenizer):
    with open(tokenizer, encoding="utf-8") as file:
        words = json.load(file)["model"]["vocab"]
    return [w for w in words if len(w) == 1 and HAN.match(w)]


def choose(size, texts, words, tokenizer, terms):
    """The entries, sorted: first what is always there, then words of the texts by
    frequency, then the dictionary by frequency, until size is reached."""
    folded = [fold(t) for t in texts]
    latin = collections.Counter(w for t in folded for w in LATIN.findall(t))
    chosen = set(terms) | set(latin_pieces(tokenizer)) | set(known_characters(tokenizer))
    chosen |= set("0123456789") | {w for w, n in latin.items() if n > 1 and len(w) > 1}
    counts = word_counts(folded, words)
    ranked = sorted(counts, key=lambda w: (-counts[w], w))
    ranked += [w for w, (_, tag) in words.items() if tag not in NAMES_AND_SAYINGS]
    for word in ranked:
        if len(chosen) >= size:
            break
        if 1 < len(word) <= LONGEST_WORD and HAN.search(word):
            chosen.add(word)
    return sorted(chosen, key=lambda w: w.encode())


def word_counts(folded, words):
    """How often the dictionary's words occur in the texts, cut by jieba."""
    import jieba

    cutter = jieba.Tokenizer()
    counts = collections.Counter()
    for text in folded:
        counts.update(w for w in cutter.cut(text, HMM=False) if w in words)
    return counts


def common(path):
    """p(w) of English words that say little: the texts have too little English, and the
    dictionary none, to tell."""
    with open(path, encoding="utf-8") as lines:
        return {word: float(p) for word, p in (line.split() for line in lines)}


def frequencies(entries, texts, words, share, english):
    """p(w): share of the texts' own token counts, the rest from the dictionary."""
    cutter, here = Cutter(entries), collections.Counter()
    for text in texts:
        here.update(entry for entry, _, _ in cutter.cut(text))
    general = [words.get(w, (0, ""))[0] for w in entries]
    total_here, total_general = sum(here.values()), sum(general)
    out = []
    for i, entry in enumerate(entries):
        p = share * here[i] / total_here + (1 - share) * general[i] / total_general
        p = max(p, english.get(entry, 0))
        out.append(max(p, COMMON) if says_little(entry) else p)
    return out


def foreign(entry):
    """Whether an entry is a Latin word or a piece of one."""
    return bool(LATIN.fullmatch(entry.removeprefix(CONTINUATION)))


def says_little(entry):
    return entry.startswith(CONTINUATION) or len(entry) == 1 and (is_latin(entry) or is_digit(entry))


def phrases(entries, rounds, seed):
    """Each Chinese word next to two others drawn at random, once a round: texts that
    teach the weights of words that the records do not have."""
    draw = random.Random(seed)
    words = [e for e in entries if len(e) > 1 and HAN.search(e)]
    out = []
    for _ in range(rounds):
        draw.shuffle(words)
        out += ["".join(words[i : i + 3]) for i in range(0, len(words) - 2, 3)]
    return out
