package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/schollz/progressbar/v3"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/workload"
)

type benchCmd struct {
	Search   benchSearchCmd   `cmd:"" help:"Fill indexes of several sizes and search them: time, memory, disk, recall. 不同规模下的建库与检索：耗时、内存、磁盘、召回率。"`
	Match    benchMatchCmd    `cmd:"" help:"Match demands in a catalog: latency of explained answers. 在现有数据上匹配需求：带理由的答复延迟。"`
	Bulk     benchBulkCmd     `cmd:"" help:"Search for the nearest patents of many demands in one job. 批量匹配速度与召回率。"`
	Soak     benchSoakCmd     `cmd:"" help:"Mix reads and writes for a while, and watch memory and errors. 长时间混合读写，观察内存与错误。"`
	Generate benchGenerateCmd `cmd:"" help:"Write generated patents and demands, to be imported. 生成可导入的专利与需求。"`
	Embed    benchEmbedCmd    `cmd:"" help:"Embed texts. 向量化速度。"`
}

// workloadFlags say what generated records are made of.
type workloadFlags struct {
	Texts string `help:"File whose clauses make up the records: JSON lines with title and abstract or text, or plain lines; by default the built-in sample. 用此文件的语句生成数据；默认用内置样例。" type:"path" placeholder:"FILE"`
	Seed  uint64 `help:"Other numbers make other records. 随机种子。" default:"1"`
	Dir   string `help:"Folder for what is made meanwhile; by default the system's folder for temporary files. 临时数据目录。" type:"path" placeholder:"DIR"`
}

func (f workloadFlags) source() (*workload.Source, error) {
	if f.Texts == "" {
		return workload.Sample()
	}
	file, err := os.Open(f.Texts)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	s, err := workload.Read(file)
	return s, match.About(f.Texts, err)
}

// folder makes an empty folder and what removes it.
func (f workloadFlags) folder() (dir string, remove func() error, err error) {
	if f.Dir != "" {
		if err := os.MkdirAll(f.Dir, 0o700); err != nil {
			return "", nil, err
		}
	}
	dir, err = os.MkdirTemp(f.Dir, "duijie-bench-")
	return dir, func() error { return os.RemoveAll(dir) }, err
}

// embedder is the chosen one, or the built-in one.
func (f embedFlags) embedder(ctx context.Context) (embed.Embedder, error) {
	e, err := f.open(ctx)
	if e != nil || err != nil {
		return e, err
	}
	return static.Builtin()
}

// stepProgress shows one bar after the other on a terminal.
type stepProgress struct {
	bar  *progressbar.ProgressBar
	step string
}

func (p *stepProgress) show(step string, done, total int) {
	if p.bar == nil || step != p.step {
		p.end()
		p.step = step
		p.bar = progressbar.NewOptions(total, append(progressLook(), progressbar.OptionSetDescription(step), progressbar.OptionShowCount())...)
	}
	_ = p.bar.Set(done)
}

func (p *stepProgress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}

// bytesWords writes a number of bytes; empty is not known.
func bytesWords(n int64) string {
	switch {
	case n <= 0:
		return ""
	case n < 10<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n < 10<<30:
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}

// phrased leaves out what is empty.
func phrased(parts ...string) string {
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ", ")
}
