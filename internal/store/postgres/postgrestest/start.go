package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// startTime is how long a server may take to be ready.
const startTime = 60 * time.Second

// lifeline makes a database in the folder $2 with the binaries in $1, serves it on
// port $3, and ends it, and removes the folder, when standard input ends: that is when
// the test binary exits, even if it was killed. An interrupt from the terminal is for
// the test binary alone. PostgreSQL refuses to run as root; $4 is what comes before
// its commands then.
const lifeline = `
trap "" INT
$4 "$1/initdb" -D "$2/data" -U duijie -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$2/log" 2>&1 </dev/null &&
$4 "$1/postgres" -D "$2/data" -c listen_addresses=127.0.0.1 -p "$3" -c "unix_socket_directories=" \
	-c max_connections=200 -c log_min_messages=fatal >>"$2/log" 2>&1 </dev/null &
cat >/dev/null
kill -QUIT $(head -n 1 "$2/data/postmaster.pid") || kill -9 $!
wait $!
cd / && rm -rf "$2"
`

// lifelines keeps the writing ends open: an os.File that nothing holds is closed.
var lifelines []*os.File

// binaries finds the folder with initdb and postgres.
func binaries() (string, error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // Debian's place; the pattern is a constant
	slices.Reverse(dirs)
	if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append([]string{filepath.Dir(real)}, dirs...)
		}
	}
	for _, dir := range dirs {
		if executable(filepath.Join(dir, "initdb")) && executable(filepath.Join(dir, "postgres")) {
			return dir, nil
		}
	}
	return "", errors.New("no PostgreSQL: DUIJIE_POSTGRES (a URL) is not set, and there is no postgres on PATH or in /usr/lib/postgresql")
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&0o111 != 0
}

// start makes and runs a server in a temporary folder and returns its URL once it
// answers.
func start(bin string) (string, error) {
	dir, err := os.MkdirTemp("", "duijie-postgres-")
	if err != nil {
		return "", err
	}
	prefix, err := asSomebody(dir)
	if err != nil {
		return "", err
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return "", err
	}
	cmd := exec.Command("sh", "-c", lifeline, "sh", bin, dir, strconv.Itoa(port), prefix)
	cmd.Dir, cmd.Stdin = dir, read
	if err := cmd.Start(); err != nil {
		return "", err
	}
	read.Close()
	lifelines = append(lifelines, write)
	go cmd.Wait()
	url := fmt.Sprintf("postgres://duijie@127.0.0.1:%d/postgres?sslmode=disable", port)
	if err := ready(url); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		write.Close()
		return "", fmt.Errorf("%s is not ready after %v: %w\n%s", bin, startTime, err, strings.TrimSpace(string(log)))
	}
	return url, nil
}

// asSomebody makes dir the user's who is to run the server: this one, or for root the
// user postgres, whom Debian's package makes. It returns what starts a command as that
// user.
func asSomebody(dir string) (string, error) {
	if os.Getuid() != 0 {
		return "", nil
	}
	if err := exec.Command("chown", "postgres", dir).Run(); err != nil {
		return "", fmt.Errorf("PostgreSQL refuses to run as root, and there is no user postgres: %w", err)
	}
	return "runuser -u postgres --", nil
}

func ready(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	for {
		c, err := pgx.Connect(ctx, url)
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// freePort returns a port of loopback that nothing listened on a moment ago.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
