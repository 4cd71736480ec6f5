package segment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/facet"
)

func TestWhatIsMergedNext(t *testing.T) {
	type size struct{ docs, dead int }
	several := func(n, docs int) (out []size) {
		for range n {
			out = append(out, size{docs, 0})
		}
		return out
	}
	for _, c := range []struct {
		name    string
		sizes   []size
		resting bool
		want    []int // places in sizes, ascending
	}{
		{"nothing", nil, false, nil},
		{"seven of a size", several(7, 500), false, nil},
		{"eight of a size", several(8, 500), false, []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{"seven and a larger one", append(several(7, 500), size{50_000, 0}), false, nil},
		{"the smaller tier first", append(several(8, 20_000), several(8, 100)...), false, []int{8, 9, 10, 11, 12, 13, 14, 15}},
		{"never above the largest size", several(9, 160_000), false, nil},
		{"as many as fit", append(several(7, 160_000), size{70_000, 0}, size{80_000, 0}), false, []int{7, 8}},
		{"one with a quarter dead", []size{{1000, 249}, {9000, 4000}}, false, []int{1}},
		{"eight of a small size while large ones come", several(8, 500), true, []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{"eight of a large size while large ones come", several(8, 20_000), true, nil},
		{"32 of a large size while large ones come", several(32, 20_000), true, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		{"one with a quarter dead while large ones come", []size{{9000, 4000}}, true, []int{0}},
		{"a tiny one with all dead", []size{{40, 40}}, false, nil},
	} {
		var views []*view
		for _, s := range c.sizes {
			dead := facet.NewBitmap(s.docs)
			for doc := range s.dead {
				dead.Set(uint32(doc))
			}
			views = append(views, &view{segment: &segment{docs: uint32(s.docs)}, flushed: dead})
		}
		var got []int
		for _, v := range mergeable(views, c.resting) {
			for i := range views {
				if views[i] == v {
					got = append(got, i)
				}
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}
