package instance

import (
	"testing"
	"time"
)

func TestTheEndIsEstimatedFromTheLastHalfMinute(t *testing.T) {
	var s speed
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if rate := s.add(began, 0); rate != 0 || endOf(began, 100, rate) != nil {
		t.Errorf("at first %g, want no rate and no end", rate)
	}
	for second := 1; second <= 100; second++ { // 10 a second for a minute, then 40
		done := int64(10 * second)
		if second > 60 {
			done = 600 + 40*int64(second-60)
		}
		now := began.Add(time.Duration(second) * time.Second)
		rate := s.add(now, done)
		if want := map[int]float64{1: 10, 60: 10, 75: 25, 90: 40, 100: 40}[second]; want != 0 && rate != want {
			t.Errorf("%g writes a second after %d s, want %g", rate, second, want)
		}
		if end := endOf(now, 400, rate); second == 100 && (end == nil || !end.Equal(now.Add(10*time.Second))) {
			t.Errorf("the end is at %v, want in 10 s", end)
		}
	}
}
