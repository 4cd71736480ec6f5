package subword_test

import (
	"strings"
	"testing"
)

func BenchmarkEncode(b *testing.B) {
	text := strings.Repeat("本发明公开了一种锂离子电池正极材料的制备方法，粒径为0.5～2μm；the capacity of LiFePO4 cells is 160 mAh/g。", 5)
	for _, name := range names {
		tok := open(b, name)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				tok.Encode(text, 512)
			}
		})
	}
}
