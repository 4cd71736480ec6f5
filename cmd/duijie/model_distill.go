package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/duijie/duijie/internal/distill"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/cache"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
)

type modelDistillCmd struct {
	Teacher string   `help:"onnx or openai; the flags below name its model. 教师模型。" enum:"onnx,openai" default:"onnx"`
	Words   string   `help:"Word list: a word, its frequency and perhaps its part of speech a line. 词表文件。" required:"" type:"path" placeholder:"FILE"`
	Texts   []string `help:"Unlabelled texts: JSONL with title and text or abstract, or a text a line. 无标注文本。" required:"" type:"path" placeholder:"FILE" sep:"none"`
	Out     string   `help:"Model file to write. 输出文件。" required:"" type:"path" placeholder:"FILE"`
	Name    string   `help:"The model's name; the file's without its ending by default. 模型名。" placeholder:"NAME"`

	Pieces string  `help:"tokenizer.json whose characters and Latin pieces are always entries; that in the teacher's folder by default. 分词器文件。" type:"path" placeholder:"FILE"`
	Size   int     `help:"Entries of the vocabulary. 词数。" default:"33000"`
	Dims   int     `help:"Dimensions, a multiple of 8. 维数。" default:"256"`
	Seed   uint64  `help:"Seed of all that is drawn. 随机种子。" default:"1"`
	SIF    float64 `help:"a of the weights a/(a+p)." default:"1e-4"`
	Ridge  float64 `help:"Penalty of each entry's own change." default:"0.1"`
	Whiten float64 `help:"0 leaves the axes as they are, 1 makes their variances equal." default:"0.45"`
	Extra  int     `help:"Words of the list that are no entries, to learn from." default:"40000"`

	Licence map[string]string `help:"Licence of a file or of the teacher, for the card, such as dict.txt=MIT or teacher=MIT. 许可证。" placeholder:"NAME=LICENCE" mapsep:"none"`
	Note    string            `help:"Markdown to put at the end of the card. 模型卡附注。" type:"path" placeholder:"FILE"`
	Cache   string            `help:"Folder that keeps the teacher's vectors, so that a stopped run goes on; OUT.teacher by default. 教师向量缓存目录。" type:"path" placeholder:"DIR"`

	teacherFlags `embed:""`
}

func (c *modelDistillCmd) Run(ctx context.Context) error {
	if err := checkFile(c.Out); err != nil {
		return err
	}
	teacher, err := c.teacher(ctx)
	if err != nil {
		return err
	}
	defer teacher.Close()
	r := reader{licences: c.Licence}
	in, err := c.input(&r)
	if err != nil {
		return err
	}
	o := c.options()
	done := progressOf(&o)
	result, err := distill.Make(ctx, teacher, in, o)
	done()
	if err != nil {
		if ctx.Err() != nil {
			fmt.Fprintln(os.Stderr, "duijie: stopped; the same command goes on from", c.cacheDir())
		}
		return err
	}
	note := []byte(nil)
	if c.Note != "" {
		if note, err = os.ReadFile(c.Note); err != nil {
			return err
		}
	}
	sources := append([]distill.Source{{What: "teacher", Name: teacher.Identity(), Licence: c.Licence["teacher"]}}, r.sources...)
	result.Card = distill.Card(result, o, sources, string(note))
	return c.write(result.Content)
}

// teacher opens the teacher behind its cache.
func (c *modelDistillCmd) teacher(ctx context.Context) (*cache.Embedder, error) {
	open := func() (embed.Embedder, error) { return c.openOnnx("") }
	if c.Teacher == "openai" {
		open = func() (embed.Embedder, error) { return c.openOpenai(ctx) }
	}
	e, err := ofAnyLength(open())
	if err != nil {
		return nil, err
	}
	return cache.New(e, cache.Config{Dir: c.cacheDir()})
}

func (c *modelDistillCmd) cacheDir() string {
	if c.Cache != "" {
		return c.Cache
	}
	return c.Out + ".teacher"
}

func (c *modelDistillCmd) options() distill.Options {
	o := distill.Default()
	o.Name, o.Size, o.Dims, o.Seed = c.Name, c.Size, c.Dims, c.Seed
	o.SIF, o.Ridge, o.Whiten, o.Extra = c.SIF, c.Ridge, c.Whiten, c.Extra
	if o.Name == "" {
		o.Name = strings.TrimSuffix(filepath.Base(c.Out), ".static")
	}
	return o
}

// input reads the files.
func (c *modelDistillCmd) input(r *reader) (in distill.Input, err error) {
	in.Words, err = readAs(r, "word list", c.Words, distill.ReadWords)
	if err != nil {
		return in, err
	}
	if path := c.pieces(); path != "" {
		if in.Pieces, err = readAs(r, "tokeniser", path, distill.ReadPieces); err != nil {
			return in, err
		}
	}
	for _, path := range c.Texts {
		texts, err := readAs(r, "texts", path, distill.ReadTexts)
		if err != nil {
			return in, err
		}
		in.Texts = append(in.Texts, texts...)
	}
	return in, nil
}

// pieces is the tokeniser's file, empty where there is none.
func (c *modelDistillCmd) pieces() string {
	if c.Pieces != "" || c.Teacher != "onnx" {
		return c.Pieces
	}
	path := filepath.Join(c.OnnxModel, "tokenizer.json")
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// reader remembers what was read.
type reader struct {
	licences map[string]string
	sources  []distill.Source
}

func readAs[T any](r *reader, what, path string, read func(io.Reader) ([]T, error)) ([]T, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	digest, name := sha256.Sum256(data), filepath.Base(path)
	r.sources = append(r.sources, distill.Source{What: what, Name: name, Digest: hex.EncodeToString(digest[:]), Licence: r.licences[name]})
	out, err := read(bytes.NewReader(data))
	return out, match.About(path, err)
}

// progressOf shows each step on a bar of its own.
func progressOf(o *distill.Options) (done func()) {
	bar, last := progress(), ""
	o.Progress = func(step string, done, total int) {
		if step != last {
			bar.Reset()
			bar.Describe(step)
			last = step
		}
		bar.ChangeMax(total)
		_ = bar.Set(done)
	}
	return func() { _ = bar.Finish() }
}

// write puts the file in its place when it is whole.
func (c *modelDistillCmd) write(content static.Content) (err error) {
	f, err := os.CreateTemp(filepath.Dir(c.Out), filepath.Base(c.Out)+".*.part")
	if err != nil {
		return ofPath(c.Out, err)
	}
	defer func() { err = errors.Join(err, removeUnless(err == nil, f.Name())) }()
	if err := errors.Join(static.Write(f, content), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	m, err := static.OpenFile(f.Name())
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), c.Out); err != nil {
		return ofPath(c.Out, err)
	}
	fmt.Printf("%s\n%s: %d entries, %d dimensions\n", m.Identity(), c.Out, m.Size(), m.Dim())
	return nil
}

func removeUnless(kept bool, path string) error {
	if kept {
		return nil
	}
	return os.Remove(path)
}
