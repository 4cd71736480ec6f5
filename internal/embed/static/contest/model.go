package main

import (
	"encoding/binary"
	"encoding/json"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
)

const dims = 256

// writeModel writes a model as model2vec keeps them: the tokenizer, a table of drawn
// numbers of kind F32 or I8, and the settings.
func writeModel(dir, tokenizer, kind string) {
	data, err := os.ReadFile(tokenizer)
	if err != nil {
		log.Fatal(err)
	}
	var read struct {
		Model struct{ Vocab map[string]int }
	}
	if err := json.Unmarshal(data, &read); err != nil {
		log.Fatalf("%s: %v", tokenizer, err)
	}
	rows := 0
	for _, id := range read.Model.Vocab {
		rows = max(rows, id+1)
	}
	if rows == 0 {
		log.Fatalf("%s: has no model.vocab", tokenizer)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		log.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"tokenizer.json":    data,
		"config.json":       []byte(`{"normalize": true, "hidden_dim": 256, "architectures": ["StaticModel"]}`),
		"model.safetensors": tensors(rows, kind),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// tensors is a safetensors file with one table, "embeddings".
func tensors(rows int, kind string) []byte {
	var table []byte
	r := rand.New(rand.NewPCG(1, 2))
	for range rows * dims {
		x := r.NormFloat64()
		if kind == "I8" {
			table = append(table, byte(int8(max(-127, min(127, math.Round(40*x))))))
		} else {
			table = binary.LittleEndian.AppendUint32(table, math.Float32bits(float32(x)))
		}
	}
	head, err := json.Marshal(map[string]any{
		"embeddings": map[string]any{"dtype": kind, "shape": []int{rows, dims}, "data_offsets": []int{0, len(table)}},
	})
	if err != nil {
		log.Fatal(err)
	}
	for len(head)%8 != 0 {
		head = append(head, ' ')
	}
	return append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(head))), head...), table...)
}
