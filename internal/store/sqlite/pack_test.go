package sqlite

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAPackedBodyComesBackToTheByte(t *testing.T) {
	check := func(t interface{ Fatalf(string, ...any) }, body string) {
		if back := unpacked(packed(body)); back == nil || string(back) != body {
			t.Fatalf("%q came back as %q", body, back)
		}
	}
	var all strings.Builder
	for r := rune(0); r <= 0x10FFFF; r++ {
		all.WriteRune(r) // a surrogate becomes U+FFFD
	}
	check(t, all.String())
	for _, body := range []string{"", `{"title":"一种电池，25 ℃"}`, "\xff", "電\xe4\xb8", "\x00\x80", "\xed\xa0\x80"} {
		check(t, body)
	}
	rapid.Check(t, func(t *rapid.T) { check(t, rapid.String().Draw(t, "body")) })
	rapid.Check(t, func(t *rapid.T) { check(t, string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))) })
}

func TestAChineseCharacterIsPackedIntoTwoBytes(t *testing.T) {
	body := "一种电池，龥。（25 ℃）αβ"
	if got, want := len(packed(body)), 3+2*12; got != want {
		t.Errorf("%d bytes, want %d", got, want)
	}
}

func TestAPackedBodyThatIsCutOrNoneIsAnError(t *testing.T) {
	for _, p := range []string{"\x80", "a\xf0", "\xff\x00\x00", "\xf7a", "\xfe\x00\x00\x00"} {
		if got := unpacked([]byte(p)); got != nil {
			t.Errorf("%q became %q", p, got)
		}
	}
}

func FuzzUnpacked(f *testing.F) {
	f.Add(packed("一种电池 ℃ é 😀"))
	f.Fuzz(func(t *testing.T, p []byte) {
		body := unpacked(p)
		if back := unpacked(packed(string(body))); string(back) != string(body) {
			t.Errorf("%x gives %q, and that %q", p, body, back)
		}
	})
}

func BenchmarkPack(b *testing.B) {
	body := strings.Repeat(`{"abstract":"本发明公开了一种 25 ℃ 的电池，包括正极"}`, 16)
	p := packed(body)
	b.Run("pack", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			packed(body)
		}
	})
	b.Run("unpack", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			unpacked(p)
		}
	})
}
