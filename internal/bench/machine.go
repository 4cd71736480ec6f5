package bench

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// Machine says where figures were measured.
type Machine struct {
	Processor string `json:"processor,omitempty"`
	Cores     int    `json:"cores"`
	System    string `json:"system"`
	Go        string `json:"go"`
	Version   string `json:"version,omitempty"`
	// Load is the mean number of running processes over the last minute, at the start.
	Load float64 `json:"load,omitempty"`
}

// ThisMachine describes the machine as far as the system tells.
func ThisMachine(version string) Machine {
	m := Machine{Cores: runtime.GOMAXPROCS(0), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Version: version}
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				m.Processor = strings.TrimSpace(value)
				break
			}
		}
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		_, _ = fmt.Sscan(string(load), &m.Load)
	}
	return m
}

// Anonymous is the memory of a process ("self" or its number) that is not a file's, in
// bytes; 0 where the system does not tell.
func Anonymous(process string) (n int64) {
	status, err := os.ReadFile("/proc/" + process + "/status")
	if err != nil {
		return 0
	}
	for lines := bufio.NewScanner(bytes.NewReader(status)); lines.Scan(); {
		if _, err := fmt.Sscanf(lines.Text(), "RssAnon: %d kB", &n); err == nil {
			return n << 10
		}
	}
	return 0
}

// settledMemory is Anonymous of this process after what is not needed was given back.
func settledMemory() int64 {
	runtime.GC()
	debug.FreeOSMemory()
	return Anonymous("self")
}

// peak watches the memory of this process until its end is called, which returns the most.
func peak() (end func() int64) {
	const every = 50 * time.Millisecond
	stop, most := make(chan struct{}), Anonymous("self")
	var done sync.WaitGroup
	done.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				return
			case <-ticker.C:
				most = max(most, Anonymous("self"))
			}
		}
	})
	return func() int64 {
		close(stop)
		done.Wait()
		return most
	}
}

// sizeOf is what the files in a folder take, in bytes.
func sizeOf(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	return n, err
}
