package recent

import "testing"

func TestWhatWasUsedLastStaysWithinTheBytes(t *testing.T) {
	var c Cache[int, string]
	const most = 10
	c.Add(0, "first", 1, most)
	for i := range 50 {
		if v, ok := c.Get(0); !ok || v != "first" {
			t.Fatalf("what was used last is gone after %d others", i)
		}
		c.Add(i+1, "other", 1, most)
		if bytes, values := c.Size(); bytes > most || values != bytes || len(c.byKey) != values {
			t.Fatalf("%d bytes in %d values, %d keys", bytes, values, len(c.byKey))
		}
	}
	if _, ok := c.Get(1); ok {
		t.Error("what was not used longest is kept")
	}
	c.Add(99, "large", most+1, most)
	if _, ok := c.Get(99); ok {
		t.Error("one that is larger than all the room is kept")
	}
	c.Add(0, "second", 1, most)
	if v, _ := c.Get(0); v != "first" {
		t.Errorf("a second value replaced the first: %s", v)
	}
	c.Remove(0)
	if _, ok := c.Get(0); ok {
		t.Error("what was removed is kept")
	}
	c.Clear()
	if bytes, values := c.Size(); bytes != 0 || values != 0 {
		t.Errorf("%d bytes in %d values after all is cleared", bytes, values)
	}
}
