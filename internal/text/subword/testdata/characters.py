"""Prints, for comparison, what Hugging Face's tokenizers knows about each code
point: one JSON document of the code points of each property. It takes minutes."""
import json

from tokenizers import Regex, normalizers, pre_tokenizers

ALL = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]


def bert(**options):
    return normalizers.BertNormalizer(**{**dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False), **options})


def dropped(normalizer):
    return [c for c in ALL if normalizer.normalize_str(f"a{chr(c)}b") == "ab"]


def alone(splitter):
    return [c for c in ALL if len(splitter.pre_tokenize_str(f"a{chr(c)}b")) == 3]


def matched(expression):
    split = pre_tokenizers.Split(Regex(expression), "removed")
    return [c for c in ALL if not split.pre_tokenize_str(chr(c))]


def mapped(normalizer):
    return {c: s for c in ALL for s in [normalizer.normalize_str(chr(c))] if s != chr(c)}


print(json.dumps({
    "control": dropped(bert(clean_text=True)), "nonspacing": dropped(bert(strip_accents=True)), "mark": dropped(normalizers.StripAccents()),
    "punctuation": alone(pre_tokenizers.BertPreTokenizer()), "numeric": alone(pre_tokenizers.Digits(individual_digits=True)),
    "w": matched(r"\w"), "s": matched(r"\s"), "d": matched(r"\d"), "L": matched(r"\p{L}"), "M": matched(r"\p{M}"), "N": matched(r"\p{N}"),
    "lower": mapped(normalizers.Lowercase()), "NFC": mapped(normalizers.NFC()), "NFD": mapped(normalizers.NFD()),
    "NFKC": mapped(normalizers.NFKC()), "NFKD": mapped(normalizers.NFKD()),
}))
