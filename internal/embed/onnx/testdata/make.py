"""Makes the small float32 graphs of this folder, with random weights, for the
tokeniser wordpiece-uncased of internal/text/subword, and records the vectors
that Python's ONNX Runtime gives for some texts.
Usage: make.py, in this folder. Needs onnx, onnxruntime and tokenizers."""
import json, pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).parent
TOKENISER = HERE.parent.parent.parent / "text" / "subword" / "testdata" / "wordpiece-uncased.json"
TEXTS = ["锂离子电池正极材料", "A method for recycling lithium batteries", "水", "污水处理用膜生物反应器，孔径0.1μm。"]


def graph(name, words, dim, kind, pooled, seed):
    """Each token's row, moved by the mean of all rows and by its segment."""
    r = np.random.default_rng(seed)
    weights = {"rows": r.normal(size=(words, dim)), "segments": r.normal(size=(2, dim)), "mix": r.normal(size=(dim, dim))}
    nodes = [
        helper.make_node("Gather", ["rows", "input_ids"], ["word"]),
        helper.make_node("Gather", ["segments", "token_type_ids"], ["segment"]),
        helper.make_node("Add", ["word", "segment"], ["x"]),
        helper.make_node("Unsqueeze", ["attention_mask", "last"], ["mask"]),
        helper.make_node("Cast", ["mask"], ["seen"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["x", "seen"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "middle"], ["sum"], keepdims=1),
        helper.make_node("ReduceSum", ["seen", "middle"], ["count"], keepdims=1),
        helper.make_node("Div", ["sum", "count"], ["mean"]),
        helper.make_node("Add", ["x", "mean"], ["moved"]),
        helper.make_node("MatMul", ["moved", "mix"], ["mixed"]),
        helper.make_node("Tanh", ["mixed"], ["last_hidden_state"]),
    ]
    output, shape = "last_hidden_state", ["batch", "length", dim]
    if pooled:
        nodes.append(helper.make_node("ReduceMean", ["last_hidden_state"], ["sentence_embedding"], axes=[1], keepdims=0))
        output, shape = "sentence_embedding", ["batch", dim]
    constants = [numpy_helper.from_array(v.astype(np.float32), k) for k, v in weights.items()]
    constants += [numpy_helper.from_array(np.array([n], dtype=np.int64), k) for k, n in (("last", 2), ("middle", 1))]
    inputs = [helper.make_tensor_value_info(n, kind, ["batch", "length"]) for n in ("input_ids", "attention_mask", "token_type_ids")]
    g = helper.make_graph(nodes, name, inputs, [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)], constants)
    m = helper.make_model(g, opset_imports=[helper.make_opsetid("", 13)], ir_version=8, producer_name="duijie")
    onnx.checker.check_model(m)
    onnx.save(m, HERE / f"{name}.onnx")


def vectors(name, pooling):
    session = onnxruntime.InferenceSession(HERE / f"{name}.onnx", providers=["CPUExecutionProvider"])
    kind = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}[session.get_inputs()[0].type]
    out = []
    for text in TEXTS:
        e = Tokenizer.from_file(str(TOKENISER)).encode(text)
        feed = {"input_ids": e.ids, "attention_mask": e.attention_mask, "token_type_ids": e.type_ids}
        states = session.run(None, {k: np.array([v], dtype=kind) for k, v in feed.items()})[0][0]
        v = {"cls": lambda: states[0], "last": lambda: states[-1], "mean": lambda: states.mean(0), "": lambda: states}[pooling]()
        out.append([round(float(x), 6) for x in v / np.linalg.norm(v)])
    return out


words = Tokenizer.from_file(str(TOKENISER)).get_vocab_size()
graph("tokens", words, 8, TensorProto.INT64, False, 1)
graph("pooled", words, 4, TensorProto.INT32, True, 2)
recorded = {"texts": TEXTS, "tokens": {p: vectors("tokens", p) for p in ("cls", "mean", "last")}, "pooled": {"": vectors("pooled", "")}}
json.dump(recorded, open(HERE / "vectors.json", "w", encoding="utf-8"), ensure_ascii=False, indent=1)
