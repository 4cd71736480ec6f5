"""Embeds texts with Python's ONNX Runtime, for comparison.
Usage: reference.py GRAPH TOKENIZER POOLING LIMIT THREADS BATCH < texts.jsonl > vectors
Writes float32 vectors of length 1 to stdout, and to stderr the seconds that
tokenising and running took. Texts of similar length share a batch. THREADS is
either N, the threads of one session, or Nx1: N Python threads that share a
session of one thread."""
import concurrent.futures, json, sys, time

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

graph, tokenizer, pooling, limit, threads, batch = sys.argv[1:]
workers, threads = (int(threads[:-2]), 1) if threads.endswith("x1") else (1, int(threads))
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
names = [i.name for i in session.get_inputs()]
tok = Tokenizer.from_file(tokenizer)
tok.enable_truncation(int(limit))
tok.enable_padding()
texts = [json.loads(line) for line in sys.stdin]
vectors = [None] * len(texts)


def one(part):
    enc = tok.encode_batch([texts[i] for i in part])
    feed = {"input_ids": [e.ids for e in enc], "attention_mask": [e.attention_mask for e in enc], "token_type_ids": [e.type_ids for e in enc]}
    feed = {k: np.array(v, dtype=np.int64) for k, v in feed.items() if k in names}
    states = session.run(None, feed)[0]
    mask = np.array([e.attention_mask for e in enc], dtype=np.float32)
    if states.ndim == 2:
        out = states
    elif pooling == "cls":
        out = states[:, 0]
    elif pooling == "last":
        out = states[np.arange(len(part)), mask.sum(1).astype(int) - 1]
    else:
        out = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
    for row, i in enumerate(part):
        vectors[i] = out[row] / np.linalg.norm(out[row])


order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
parts = [order[i:i + int(batch)] for i in range(0, len(order), int(batch))]
start = time.perf_counter()
with concurrent.futures.ThreadPoolExecutor(workers) as pool:
    list(pool.map(one, parts))
print(time.perf_counter() - start, file=sys.stderr)
np.array(vectors, dtype=np.float32).tofile(sys.stdout.buffer)
