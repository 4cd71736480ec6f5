package segment

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatIsMergedNow(t *testing.T) {
	type size struct{ points, alive int }
	several := func(n, points int) (out []size) {
		for range n {
			out = append(out, size{points, points})
		}
		return out
	}
	all := func(n int) (out []int) {
		for i := range n {
			out = append(out, i)
		}
		return out
	}
	for _, c := range []struct {
		name         string
		sizes        []size
		quiet, rests bool
		want         []int // places in sizes
	}{
		{"nothing", nil, true, false, nil},
		{"three of a size", several(3, 100), false, false, nil},
		{"four of a size", several(4, 100), false, false, all(4)},
		{"four of a size while layers are sealed", several(4, 100), false, true, nil},
		{"32 of a size while layers are sealed", several(32, 100), false, true, all(32)},
		{"31 of a size when no writes come", several(31, 100), true, true, all(31)},
		{"the smaller tier first", append(several(4, 400), several(4, 100)...), false, false, []int{4, 5, 6, 7}},
		{"two small ones beside a large one", append(several(2, 100), size{2000, 2000}), true, false, []int{0, 1}},
		{"one small one beside a large one", append(several(1, 100), size{2000, 2000}), true, false, nil},
		{"two of a size when no writes come", several(2, 100), true, false, all(2)},
		{"one that is mostly deleted", []size{{100, 100}, {1000, 600}}, false, true, []int{1}},
	} {
		ix := &Index{options: Options{SealAt: 100}}
		var segments []member
		for _, s := range c.sizes {
			segments = append(segments, member{segment: &segment{image: &image{dir: &directory{Points: s.points}}}, alive: s.alive})
		}
		var got []int
		for _, m := range ix.due(segments, c.quiet, c.rests) {
			for i := range segments {
				if segments[i].segment == m.segment {
					got = append(got, i)
				}
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}
