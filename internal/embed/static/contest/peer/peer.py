"""Embeds the lines of a file with a model again and again for some seconds: model,
file, seconds. Prints texts, seconds and processor seconds. All ways to give the texts
to model2vec are tried first, and the fastest is measured."""

import sys
import time

from model2vec import StaticModel

model = StaticModel.from_pretrained(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as f:
    texts = f.read().splitlines()
seconds = float(sys.argv[3])

ways = [
    dict(use_multiprocessing=False),
    dict(use_multiprocessing=False, batch_size=256),
    dict(use_multiprocessing=False, batch_size=64),
]


def once(way):
    start = time.perf_counter()
    model.encode(texts, show_progress_bar=False, **way)
    return time.perf_counter() - start


once(ways[0])
best = min(ways, key=once)
done, processor, start = 0, time.process_time(), time.perf_counter()
while time.perf_counter() - start < seconds:
    model.encode(texts, show_progress_bar=False, **best)
    done += len(texts)
print(done, time.perf_counter() - start, time.process_time() - processor)
