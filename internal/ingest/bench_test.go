package ingest

import (
	"io"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

func BenchmarkRows(b *testing.B) {
	for name, content := range map[string]string{
		"a.jsonl": strings.Repeat(`{"id":"CN1","title":"一种锂电池正极材料","abstract":"`+strings.Repeat("高镍材料", 60)+`","assignee":"清华大学","class":7}`+"\n", 1000),
		"a.csv":   "id,title,摘要,申请人,备注\n" + strings.Repeat("CN1,一种锂电池正极材料,\""+strings.Repeat("高镍材料", 60)+"\",清华大学,7\n", 1000),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			for b.Loop() {
				r, err := NewReader(strings.NewReader(content), name, Options{Kind: match.PatentKind})
				for err == nil {
					_, err = r.Next()
				}
				if err != io.EOF {
					b.Fatal(err)
				}
			}
		})
	}
}
