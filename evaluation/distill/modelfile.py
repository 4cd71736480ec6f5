"""Writes and reads model files; internal/embed/static/file.go draws the format."""

import hashlib
import struct

import numpy as np

from tokens import Cutter

MAGIC = b"DJSTATIC"
VERSION = 1
NORMALISED = 1  # flag: a text's vector is scaled to length 1
HEADER = struct.Struct("<8sBBHIII")
TOP = 16383  # the greatest step of an entry, see steps()


def write(path, name, entries, weights, vectors):
    """Quantises each vector to int8 with a scale of its own; returns the SHA-256."""
    scales = np.abs(vectors).max(axis=1).astype(np.float32) / np.float32(127)
    scales[scales == 0] = 1
    rows = np.clip(np.rint(vectors / scales[:, None]), -127, 127).astype(np.int8)
    encoded = [e.encode() for e in entries]
    assert encoded == sorted(set(encoded)) and max(map(len, encoded)) < 256
    text, label = b"".join(encoded), name.encode()
    body = HEADER.pack(MAGIC, VERSION, NORMALISED, len(label), vectors.shape[1], len(entries), len(text))
    body += label + bytes(map(len, encoded)) + text
    body += np.asarray(weights, "<f4").tobytes() + scales.astype("<f4").tobytes() + rows.tobytes()
    digest = hashlib.sha256(body)
    with open(path, "wb") as file:
        file.write(body + digest.digest())
    return digest.hexdigest()


class Model:
    """The reference for the Go reader: whole numbers throughout, so equal to the last bit
    but for the final division."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        body = data[:-32]
        if hashlib.sha256(body).digest() != data[-32:]:
            raise ValueError(f"{path}: checksum")
        _, version, _, label, dims, size, length = HEADER.unpack_from(body)
        if version != VERSION:
            raise ValueError(f"{path}: version {version}")
        at = HEADER.size + label
        self.name = body[HEADER.size : at].decode()
        lengths, at = body[at : at + size], at + size
        ends = np.cumsum(np.frombuffer(lengths, np.uint8).astype(int))
        text, at = body[at : at + length], at + length
        self.entries = [text[e - n : e].decode() for e, n in zip(ends, lengths)]
        self.weights, at = np.frombuffer(body, "<f4", size, at), at + 4 * size
        scales, at = np.frombuffer(body, "<f4", size, at), at + 4 * size
        self.rows = np.frombuffer(body, np.int8, size * dims, at).reshape(size, dims)
        self.steps = steps(self.weights, scales)
        self.cutter = Cutter(self.entries)

    def embed(self, text):
        numbers = [entry for entry, _, _ in self.cutter.cut(text)]
        total = self.steps[numbers] @ self.rows[numbers].astype(np.int64)
        squares = 0.0
        for x in total.astype(np.float64):
            squares += x * x
        if squares == 0:
            return np.zeros(self.rows.shape[1], np.float32)
        return (total / np.sqrt(squares)).astype(np.float32)


def steps(weights, scales):
    """Weight times scale of each entry in 1/16383 of the greatest, at least 1."""
    product = weights.astype(np.float64) * scales.astype(np.float64)
    return np.maximum(1, np.rint(product / product.max() * TOP)).astype(np.int64)
