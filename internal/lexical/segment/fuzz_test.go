package segment

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
)

func TestAListGivesWhatWasEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spread := rapid.SampledFrom([]uint32{1, 2, 50, 5000}).Draw(t, "spread")
		var docs, tfs []uint32
		doc := rapid.Uint32Range(0, spread).Draw(t, "first")
		for range rapid.IntRange(0, 400).Draw(t, "n") {
			if doc >= maxDocs {
				break
			}
			docs = append(docs, doc)
			tfs = append(tfs, rapid.SampledFrom([]uint32{1, 1, 1, 2, 3, 900, maxTF}).Draw(t, "tf"))
			doc += rapid.Uint32Range(1, spread).Draw(t, "gap")
		}
		in := appendList(nil, docs, tfs)
		in = append(in, make([]byte, slack)...)[:len(in)]
		var r reader
		if err := r.open(in, maxDocs); err != nil {
			t.Fatal(err)
		}
		gotDocs, gotTFs, err := r.all(nil, nil)
		if d := cmp.Diff([][]uint32{docs, tfs}, [][]uint32{gotDocs, gotTFs}, cmpopts.EquateEmpty()); d != "" || err != nil || len(r.in) > 0 {
			t.Fatalf("%d bytes left, %v (-want +got):\n%s", len(r.in), err, d)
		}
		if len(docs) > 0 && docs[len(docs)-1] > 0 {
			if err := r.open(in, docs[len(docs)-1]); err == nil {
				if _, _, err = r.all(nil, nil); err == nil {
					t.Fatal("a document above the end was let through")
				}
			}
		}
	})
}

func TestValuesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.OneOf(rapid.Int64(), rapid.Int64Range(-3, 300), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64}))).Draw(t, "values")
		got, err := decodeValues(appendValues(nil, values), len(values))
		if d := cmp.Diff(values, got, cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Fatal(err, d)
		}
	})
}

func FuzzList(f *testing.F) {
	docs := make([]uint32, 300)
	for i := range docs {
		docs[i] = uint32(i * i)
	}
	f.Add(appendList(nil, docs, nil), uint32(1<<17))
	f.Add([]byte{}, uint32(1))
	f.Fuzz(func(t *testing.T, in []byte, end uint32) {
		in = append(slices.Clone(in), make([]byte, slack)...)[:len(in)]
		var r reader
		if r.open(in, end) != nil {
			return
		}
		docs, tfs, err := r.all(nil, nil)
		if err != nil {
			return
		}
		for i, doc := range docs {
			if doc >= end || i > 0 && docs[i-1] >= doc || tfs[i] == 0 {
				t.Fatalf("document %d of %d is %d, tf %d, below %d", i, len(docs), doc, tfs[i], end)
			}
		}
	})
}

func FuzzManifest(f *testing.F) {
	body, err := encodeManifest(&manifest{Mark: 7, Next: 9, Files: []listed{{Number: 3, Docs: 70, Sum: 1, Dead: make([]byte, 16)}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body[manifestHead:])
	f.Add([]byte(`{"files":[{"number":-1}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		in := append([]byte(manifestMagic), version)
		in = binary.LittleEndian.AppendUint32(in, crc32.Checksum(body, castagnoli))
		m, err := decodeManifest("m", append(in, body...))
		if err != nil {
			return
		}
		again, err := encodeManifest(m)
		if err != nil {
			t.Fatal(err)
		}
		back, err := decodeManifest("m", again)
		if d := cmp.Diff(m, back, cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Fatal(err, d)
		}
	})
}

// FuzzSegment changes bytes of a file and makes its checksums right again, so that
// nothing but the readers themselves keeps them from going astray.
func FuzzSegment(f *testing.F) {
	b, c := newBuffer(), newCounter()
	for i, text := range []string{"锂离子电池，电池", "铜合金 5G 5G", "", "石墨烯电池 polytetrafluoroethylene"} {
		b.append(string(rune('a'+i)), c.take(text), match.Payload{
			Tokens:  map[string][]string{match.FieldRegion: {"44", "4403"}},
			Numbers: map[string]int64{match.FieldFee: int64(i)},
		})
	}
	for i := range 200 {
		b.append(string(rune(0x4E00+i)), c.take("电池铜合金"), match.Payload{})
	}
	s := b.frozen()
	s.invert()
	var out bytes.Buffer
	if err := writeSegment(&out, s); err != nil {
		f.Fatal(err)
	}
	whole := out.Bytes()
	f.Add(uint32(3), uint32(40), byte(1), byte(0x80))
	f.Add(uint32(900), uint32(2000), byte(0xFF), byte(7))
	f.Fuzz(func(t *testing.T, at, other uint32, flip, more byte) {
		data := slices.Clone(whole)
		data[at%uint32(len(data))] ^= flip
		data[other%uint32(len(data))] ^= more
		p, err := parsePages("fuzz", resealed(data), sections)
		if err != nil {
			return
		}
		read, err := parseSegment(p)
		if err != nil {
			return
		}
		exercise(read)
	})
}

// resealed makes the checksums of a file right, where its sizes fit together.
func resealed(data []byte) []byte {
	tail := data[len(data)-tailSize:]
	n, end := uint64(binary.LittleEndian.Uint32(tail[4:])), binary.LittleEndian.Uint64(tail[8:])
	count := (end + pageSize - 1) >> pageBits
	if n > sections || end > uint64(len(data)) || uint64(len(data))-end != 4*count+8*n+tailSize {
		return data
	}
	for page := range count {
		sum := crc32.Checksum(data[page<<pageBits:min((page+1)<<pageBits, end)], castagnoli)
		binary.LittleEndian.PutUint32(data[end+4*page:], sum)
	}
	sum := crc32.Checksum(data[end:len(data)-tailSize], castagnoli)
	binary.LittleEndian.PutUint32(tail, crc32.Update(sum, castagnoli, tail[4:]))
	return data
}

// exercise reads everything; errors are welcome, panics are not.
func exercise(s *segment) {
	v, err := newView(s, 1, nil)
	if err != nil {
		return
	}
	for _, q := range []lexical.Query{
		{Text: "锂离子电池铜合金 polytetrafluoroethylene", Limit: 3, Exact: true},
		{Text: "电池", Limit: 300, Conditions: []match.Condition{{Field: match.FieldRegion, AnyOf: []string{"44"}, OrAbsent: true}, {Field: match.FieldFee, Min: new(int64(1)), OrAbsent: true}}},
	} {
		_, _ = newSearch(context.Background(), q, []*view{v}, nil).run(q, v.live(), v.length())
	}
	for _, key := range []string{"a", "c", "一"} {
		if doc, ok, err := v.at([]byte(key)); ok && err == nil {
			_ = v.kill(doc)
		}
	}
	m, err := newMerging([]*segment{s, s}, []facet.Bitmap{v.dead, nil}, func() bool { return false })
	if err != nil {
		return
	}
	var out bytes.Buffer
	_ = writeSegment(&out, m)
}
