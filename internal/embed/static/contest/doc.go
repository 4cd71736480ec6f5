// Command contest measures the built-in static embedder beside model2vec, in Rust and
// in Python, on the same texts, in turn, so that what disturbs the machine disturbs all:
//
//	cargo build --release --manifest-path internal/embed/static/contest/peer/Cargo.toml --target-dir PEER
//	pip install model2vec==0.10.0
//	go run ./internal/embed/static/contest -texts DIR/patents.jsonl -tokenizer DIR/tokenizer.json \
//		-rust PEER/release/peer -python python3
//
// PEER is a folder outside of the project, DIR one with the texts. These are title and
// abstract of each line. The peers get a static model of as many
// dimensions as ours, 256, with the vocabulary of the tokenizer.json given, in float32
// and in int8; its numbers are drawn, for they make no difference to the time. Each
// contestant loads its model, embeds all texts once, and is then timed while it embeds
// all of them again and again, for -seconds in each of -rounds, with both of two
// processors; the time of loading does not count. The best round of each counts, by the
// clock, and processor time is shown beside.
package main
