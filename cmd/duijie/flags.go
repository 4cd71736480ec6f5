package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// exitError ends the program with a code; what there is to say was said.
type exitError struct{ code int }

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// dataFlags say where data lives and which parts to use.
type dataFlags struct {
	Data      string `help:"Folder for all data; by default duijie in XDG_DATA_HOME, or ~/.local/share/duijie. 数据目录。" default:"${data}" type:"path" placeholder:"DIR"`
	Store     string `help:"Where records are kept: in the folder, or postgres://user@host/database, which several replicas share, each with a folder of its own. Passwords: in the URL, PGPASSWORD or ~/.pgpass. 记录存储：数据目录内，或 PostgreSQL。" env:"DUIJIE_STORE" placeholder:"URL"`
	Index     string `help:"Vector index: built in, or qdrant://host:6334. 向量索引。" placeholder:"URL"`
	QdrantKey string `help:"API key of Qdrant." env:"DUIJIE_QDRANT_KEY" placeholder:"KEY" hidden:""`
	LogLevel  string `help:"debug, info, warn or error; by default warn. Commands that ask the service in this process log only where it is given. 日志级别。" enum:",debug,info,warn,error" default:"" placeholder:"LEVEL"`

	Embed embedFlags `embed:""`
}

func (f dataFlags) logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(cmp.Or(f.LogLevel, "warn"))) // the enum holds valid levels only
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

// config turns the flags into a configuration.
func (f dataFlags) config(ctx context.Context) (instance.Config, error) {
	embedder, err := f.Embed.open(ctx)
	if err != nil {
		return instance.Config{}, err
	}
	return instance.Config{
		Data: f.Data, Store: f.Store, Index: f.Index, QdrantKey: f.QdrantKey, Embedder: embedder, CacheBytes: f.Embed.cacheBytes(),
		Way: f.Embed.way(), Other: f.Embed.reopen, Follow: !f.Embed.chosen(),
		Log: f.logger(), Version: version(),
	}, nil
}

// openAsIs opens the data folder with its live model, and refuses flags of another one.
func (f dataFlags) openAsIs(ctx context.Context) (*instance.Instance, error) {
	return f.openLogging(ctx, f.logger())
}

// openLogging is openAsIs with a logger of the caller's.
func (f dataFlags) openLogging(ctx context.Context, log *slog.Logger) (*instance.Instance, error) {
	c, err := f.config(ctx)
	if err != nil {
		return nil, err
	}
	c.Hold, c.Same, c.Log = true, true, log
	return instance.Open(ctx, c)
}

// open opens the data folder. Where the flags choose another model than the live one,
// its change begins.
func (f dataFlags) open(ctx context.Context) (*instance.Instance, error) {
	c, err := f.config(ctx)
	if err != nil {
		return nil, err
	}
	return instance.Open(ctx, c)
}

// holdsData refuses a folder without records, which opening would make.
func (f dataFlags) holdsData() error {
	if _, err := os.Stat(filepath.Join(f.Data, sqlite.FileName)); f.Store == "" && errors.Is(err, fs.ErrNotExist) {
		return &match.Error{Kind: match.NotFound, Record: f.Data, Reason: "holds no data; import some first, or name another folder with --data"}
	}
	return nil
}

// openToRead is openAsIs, beside the process that has it open for writing
// where there is one.
func (f dataFlags) openToRead(ctx context.Context) (*instance.Instance, error) {
	if err := f.holdsData(); err != nil {
		return nil, err
	}
	c, err := f.config(ctx)
	if err != nil {
		return nil, err
	}
	c.Hold, c.Same = true, true
	in, err := instance.Open(ctx, c)
	if errors.Is(err, sqlite.ErrLocked) {
		c.ReadOnly = true
		return instance.Open(ctx, c)
	}
	return in, err
}

// openToAsk is openToRead once everything that is stored is searchable, and answers by the
// models that a server answers by.
func (f dataFlags) openToAsk(ctx context.Context) (*instance.Instance, error) {
	in, err := f.openToRead(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Catalog.Await(ctx); err != nil {
		in.Close()
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, sectorPatience)
	defer cancel()
	if err := in.AwaitSectors(within); err != nil {
		if ctx.Err() != nil {
			in.Close()
			return nil, ctx.Err()
		}
		f.logger().Warn("the sectors of the catalog could not be learned; none is guessed", "error", err)
	}
	return in, nil
}

// sectorPatience is how long a command waits until sectors are learned; they take seconds.
const sectorPatience = time.Minute

// defaultData is the user's data folder, and empty where there is no home folder.
func defaultData() string {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "duijie")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "share", "duijie")
}

// langFlag chooses the language of what is printed.
type langFlag struct {
	Lang string `help:"Language of the output: zh or en; auto reads LANG. 输出语言。" enum:"auto,zh,en" default:"auto"`
}

// chinese tells whether to print Chinese. It is the default where the
// environment does not ask for another language.
func (l langFlag) chinese() bool {
	if l.Lang != "auto" {
		return l.Lang == "zh"
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			return !strings.HasPrefix(v, "en")
		}
	}
	return true
}

func (l langFlag) pick(t match.LocalText) string {
	if l.chinese() {
		return t.ZH
	}
	return t.EN
}

// version is what the build says of itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return info.Main.Version
}

type versionCmd struct{}

func (versionCmd) Run() error {
	fmt.Println("duijie", version())
	return nil
}
