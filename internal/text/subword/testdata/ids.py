"""Prints what Hugging Face's tokenizers makes of texts, for comparison.
Usage: ids.py TOKENIZER < texts.jsonl > ids.jsonl"""
import json, sys

from tokenizers import Tokenizer

tok = Tokenizer.from_file(sys.argv[1])
tok.no_truncation()
tok.no_padding()
for e in tok.encode_batch([json.loads(line) for line in sys.stdin]):
    print(json.dumps(e.ids))
