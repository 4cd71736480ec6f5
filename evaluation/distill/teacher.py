"""Vectors of the teacher, one text at a time, kept in a cache file.

One text a run and one thread a session: dynamic quantisation makes a vector
depend on its batch, and so would the figures.
"""

import multiprocessing
import pickle
from pathlib import Path

import numpy as np

MAX_TOKENS = 512
_worker = {}


def _start(model, tokenizer):
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    _worker["session"] = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    _worker["inputs"] = [i.name for i in _worker["session"].get_inputs()]
    _worker["tokenizer"] = Tokenizer.from_file(str(tokenizer))
    _worker["tokenizer"].enable_truncation(MAX_TOKENS)


def _vector(text):
    """The normalised state of [CLS]; Latin text is lower-cased for the tokenizer."""
    code = _worker["tokenizer"].encode(text.lower())
    fields = {"input_ids": code.ids, "attention_mask": code.attention_mask, "token_type_ids": code.type_ids}
    feed = {name: np.array([fields[name]], dtype=np.int64) for name in _worker["inputs"]}
    out = _worker["session"].run(None, feed)[0]
    state = out[0, 0] if out.ndim == 3 else out[0]
    return (state / np.linalg.norm(state)).astype(np.float32)


def embed(texts, model, tokenizer, cache, workers=2):
    """One float32 row of length 1 for each text."""
    cache, known = Path(cache), {}
    if cache.exists():
        known = pickle.loads(cache.read_bytes())
    missing = sorted(set(texts) - set(known), key=lambda t: (-len(t), t))
    if missing:
        with multiprocessing.get_context("spawn").Pool(workers, _start, (model, tokenizer)) as pool:
            for text, vector in zip(missing, pool.imap(_vector, missing, chunksize=64)):
                known[text] = vector
        cache.write_bytes(pickle.dumps(known))
    return np.stack([known[t] for t in texts])
