"""Folding of characters and longest-match tokens, as in internal/embed/static.

The Go package does exactly the same (fold.go, tokens.go); vectors recorded by
distill.py and compared by the Go tests keep the two from drifting apart.
"""

CONTINUATION = "##"  # marks pieces of Latin words that begin inside the word


def _fold_table():
    table = {0x3000: 0x20, 0xA0: 0x20, 0xB5: 0x3BC, 0x2126: 0x3C9, 0x212B: 0xE5, 0x212A: ord("k")}
    table |= {0xB2: ord("2"), 0xB3: ord("3"), 0xB9: ord("1"), 0x2070: ord("0")}
    table |= {0x2070 + n: ord("0") + n for n in range(4, 10)}  # superscript digits
    table |= {0x2080 + n: ord("0") + n for n in range(10)}  # subscript digits
    for first, last in ((ord("A"), ord("Z")), (0xC0, 0xD6), (0xD8, 0xDE), (0x391, 0x3A9), (0x410, 0x42F)):
        table |= {c: c + 0x20 for c in range(first, last + 1)}  # lower case
    for c in range(0xFF01, 0xFF5F):  # full width to half width
        half = c - 0xFEE0
        table[c] = half + 0x20 if ord("A") <= half <= ord("Z") else half
    return table


FOLD = _fold_table()


def fold(text):
    """Folds width and case, one character to one character."""
    return text.translate(FOLD)


def is_latin(c):
    return "a" <= c <= "z" or "\u00df" <= c <= "\u024f" and c != "\u00f7"


def is_digit(c):
    return "0" <= c <= "9"


def splits(text, at):
    """Whether a cut before text[at] would split a Latin word or a number."""
    if at <= 0 or at >= len(text):
        return False
    a, b = text[at - 1], text[at]
    return is_latin(a) and is_latin(b) or is_digit(a) and is_digit(b)


class Cutter:
    """Cuts folded text into (entry, start, end) by longest match over a vocabulary."""

    def __init__(self, words):
        self.root = {}
        for number, word in enumerate(words):
            node = self.root
            for c in word:
                node = node.setdefault(c, {})
            node[""] = number
        self.inner = self.root.get("#", {}).get("#", {})

    def cut(self, text):
        text, at, out = fold(text), 0, []
        while at < len(text):
            entry, end = self._longest(self.root, text, at, len(text), whole=True)
            if entry is not None:
                out.append((entry, at, end))
                at = end
            elif is_latin(text[at]):
                at = self._pieces(text, at, out)
            elif is_digit(text[at]):
                at = self._digits(text, at, out)
            else:
                at += 1
        return out

    def _longest(self, node, text, at, limit, whole):
        """The longest entry at a place; whole entries must not split a word or number."""
        entry, end = None, at
        for i in range(at, limit):
            node = node.get(text[i])
            if node is None:
                break
            if "" in node and not (whole and splits(text, i + 1)):
                entry, end = node[""], i + 1
        return entry, end

    def _pieces(self, text, at, out):
        """An unknown Latin word: the longest known beginning, then inner pieces."""
        limit = at
        while limit < len(text) and is_latin(text[limit]):
            limit += 1
        node = self.root
        while at < limit:
            entry, end = self._longest(node, text, at, limit, whole=False)
            if entry is None:
                end = at + 1
            else:
                out.append((entry, at, end))
            at, node = end, self.inner
        return limit

    def _digits(self, text, at, out):
        while at < len(text) and is_digit(text[at]):
            entry = self.root.get(text[at], {}).get("")
            if entry is not None:
                out.append((entry, at, at + 1))
            at += 1
        return at
