package vocabulary

import "testing"

func TestIndustriesByCodeAndName(t *testing.T) {
	for in, want := range map[string]string{
		"C": "C", "c3841": "C3841", "C13": "C13", "C43": "C43", "A01": "A01", "S96": "S96", "T97": "T97", "R869": "R869", "制造业": "C", "Ｃ38": "C38",
	} {
		if got, ok := Industry(in); !ok || got != want {
			t.Errorf("%s is %q (%v), want %s", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "X1", "C9999", "C12", "C44", "A00", "A06", "T98", "C1", "3841"} {
		if got, ok := Industry(in); ok {
			t.Errorf("%s is %s", in, got)
		}
	}
}
