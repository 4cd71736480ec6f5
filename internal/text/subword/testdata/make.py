"""Trains the small tokenisers of this folder on the built-in sample and records
what Hugging Face's tokenizers makes of the texts in texts.json.
Usage: make.py, in this folder. Needs tokenizers, and sentencepiece for the
replacement rules of the Unigram tokenisers."""
import collections, io, json, os, pathlib, tempfile

from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
SAMPLE = HERE.parent.parent.parent / "sample" / "data"


def sample():
    texts = []
    for file in sorted(SAMPLE.glob("*.jsonl")):
        for line in open(file, encoding="utf-8"):
            texts += [v for k, v in json.loads(line).items() if k in ("title", "text", "abstract") and v]
    return texts + ["A method for recycling lithium batteries, comprising cathode materials; it's 5 µm thick."] * 20


TEXTS = sample()


def few(texts, size):
    """The texts without their rare characters: Unigram keeps each one as a piece."""
    counts = collections.Counter("".join(texts))
    common = {c for c, _ in sorted(counts.items(), key=lambda x: (-x[1], x[0]))[:size]}
    return ["".join(c for c in t if c in common) for t in texts]


QWEN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def rules():
    """A precompiled map of sentencepiece with few rules, some of several code points."""
    import sentencepiece

    pairs = {"Ａ": "A", "Ｂ": "B", "，": ",", "：": ":", "\u3000": " ", "\t": " ", "\n": " ", "\r": "", "ﬁ": "fi", "①": "1", "㎡": "m2",
             "½": "1/2", "e\u0301": "é", "a\u0308": "ä", "か\u3099": "が", "\u200b": "", "\u00ad": "", "\ufeff": "", "…": "...", "™": "TM"}
    with tempfile.TemporaryDirectory() as folder:
        tsv = os.path.join(folder, "rules.tsv")
        with open(tsv, "w", encoding="utf-8") as f:
            for a, b in sorted(pairs.items()):
                f.write(" ".join(f"{ord(c):X}" for c in a) + "\t" + " ".join(f"{ord(c):X}" for c in b) + "\n")
        out = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(["lithium batteries", "lithium cathodes"] * 50), model_writer=out, vocab_size=40, hard_vocab_limit=False,
                                                 normalization_rule_tsv=tsv, minloglevel=2, num_threads=1)
    return field(field(out.getvalue(), 3), 2)  # ModelProto.normalizer_spec.precompiled_charsmap


def field(message, want):
    """The bytes of a field of a protobuf message, without its schema."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        tag = varint()
        if tag & 7 == 2:
            size = varint()
            if tag >> 3 == want:
                return message[at:at + size]
            at += size
        elif tag & 7 == 0:
            varint()
        else:
            at += {1: 8, 5: 4}[tag & 7]
    raise ValueError(want)


def train(model, trainer, normalizer=None, split=None, frame=None, added=(), texts=TEXTS):
    t = Tokenizer(model)
    if normalizer:
        t.normalizer = normalizer
    if split:
        t.pre_tokenizer = split
    t.train_from_iterator(texts, trainer)
    if frame:
        t.post_processor = frame(t)
    if added:
        t.add_tokens(list(added))
    return t


def template(before, after):
    def make(t):
        tokens = [(s, t.token_to_id(s)) for s in dict.fromkeys([*before, *after])]
        return processors.TemplateProcessing(single=" ".join([*before, "$A", *after]), special_tokens=tokens)
    return make


def tokenisers():
    quiet = dict(show_progress=False)
    byte = pre_tokenizers.ByteLevel
    yield "wordpiece-uncased", train(
        models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(vocab_size=700, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], **quiet),
        normalizers.BertNormalizer(lowercase=True), pre_tokenizers.BertPreTokenizer(),
        lambda t: processors.BertProcessing(("[SEP]", t.token_to_id("[SEP]")), ("[CLS]", t.token_to_id("[CLS]"))))
    yield "bpe-bytes", train(
        models.BPE(), trainers.BpeTrainer(vocab_size=700, initial_alphabet=byte.alphabet(), special_tokens=["<s>", "</s>", "<mask>"], **quiet),
        None, byte(add_prefix_space=True),
        lambda t: processors.RobertaProcessing(("</s>", t.token_to_id("</s>")), ("<s>", t.token_to_id("<s>"))),
        [AddedToken("<mask>", lstrip=True), AddedToken("电池", single_word=True), AddedToken("<tail>", rstrip=True)])
    yield "bpe-split", train(
        models.BPE(ignore_merges=True), trainers.BpeTrainer(vocab_size=700, initial_alphabet=byte.alphabet(), special_tokens=["<|endoftext|>"], **quiet),
        normalizers.NFC(), pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(QWEN), "isolated"), byte(add_prefix_space=False, use_regex=False)]),
        lambda t: processors.Sequence([processors.ByteLevel(trim_offsets=False), template([], ["<|endoftext|>"])(t)]))
    fallback = [f"<0x{b:02X}>" for b in range(256)]
    yield "bpe-fallback", train(
        models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True),
        trainers.BpeTrainer(vocab_size=900, special_tokens=["<unk>", "<s>", "</s>", *fallback], limit_alphabet=200, max_token_length=12, **quiet),
        normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]), None, template(["<s>"], []))
    yield "bpe-affixes", train(
        models.BPE(unk_token="<unk>", continuing_subword_prefix="@@", end_of_word_suffix="</w>"),
        trainers.BpeTrainer(vocab_size=900, special_tokens=["<unk>"], continuing_subword_prefix="@@", end_of_word_suffix="</w>", limit_alphabet=250, **quiet),
        normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]),
        pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Punctuation("merged_with_previous"), pre_tokenizers.Digits(individual_digits=True)]))
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    yield "unigram-rules", train(
        models.Unigram(), trainers.UnigramTrainer(vocab_size=600, special_tokens=special, unk_token="<unk>", **quiet),
        normalizers.Sequence([normalizers.Precompiled(rules()), normalizers.Replace(Regex(" {2,}"), " ")]),
        pre_tokenizers.Metaspace(prepend_scheme="always"), template(["<s>"], ["</s>"]), texts=few(TEXTS, 350))
    yield "unigram-first", train(
        models.Unigram(), trainers.UnigramTrainer(vocab_size=600, special_tokens=special, unk_token="<unk>", **quiet),
        normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Strip(left=False, right=True)]),
        pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=False), pre_tokenizers.Metaspace(prepend_scheme="first", split=False)]),
        template([], ["</s>"]), [AddedToken("Ａnode", normalized=True)], few(TEXTS, 350))


def main():
    texts = json.load(open(HERE / "texts.json", encoding="utf-8"))
    recorded = {}
    for name, t in tokenisers():
        data = json.loads(t.to_str())
        with open(HERE / f"{name}.json", "w", encoding="utf-8") as f:
            json.dump(data, f, ensure_ascii=False, separators=(",", ":"))
        recorded[name] = [t.encode(s).ids for s in texts]
    with open(HERE / "ids.json", "w", encoding="utf-8") as f:
        f.write("{\n" + ",\n".join(f'"{k}": {json.dumps(v, separators=(",", ":"))}' for k, v in recorded.items()) + "\n}\n")


if __name__ == "__main__":
    main()
