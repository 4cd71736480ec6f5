package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// browser is a page of a headless Chromium, driven over its debugging pipe: one JSON
// message after the other, each ended by a zero byte.
type browser struct {
	*testing.T
	to      *os.File
	session string

	mu      sync.Mutex
	last    int
	waiting map[int]chan message
	said    []string // what the page complained of
}

// message is a result, or something that has happened.
type message struct {
	ID                    int
	Method                string
	Params, Result, Error json.RawMessage
}

// patience is how long a page may take.
const patience = time.Minute

// chromium is where the browser is; without one the test is skipped.
func chromium(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath(cmp.Or(os.Getenv("DUIJIE_CHROMIUM"), "chromium"))
	if err != nil {
		t.Skip("needs Chromium on PATH or in DUIJIE_CHROMIUM")
	}
	return path
}

// openBrowser opens a page whose reader prefers a language, such as "zh-CN".
func openBrowser(t *testing.T, language string) *browser {
	t.Helper()
	path := chromium(t)
	commands, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, messages, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "duijie-browser-")
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--user-data-dir="+profile)
	c.ExtraFiles = []*os.File{commands, messages} // 3 and 4 in the browser
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	commands.Close()
	messages.Close()
	b := &browser{T: t, to: to, waiting: map[int]chan message{}}
	go b.listen(from)
	t.Cleanup(func() {
		b.send("Browser.close", nil, nil)
		to.Close()
		c.Wait()
		from.Close()
		_ = os.RemoveAll(profile) // what its helpers still write is not worth failing for
	})
	var target struct{ TargetID string }
	b.send("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.send("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Runtime", "Log", "Page"} {
		b.send(domain+".enable", nil, nil)
	}
	b.send("Emulation.setUserAgentOverride", map[string]any{"userAgent": "test", "acceptLanguage": language}, nil)
	return b
}

// listen hands results to those who wait, and keeps what the page complains of.
func (b *browser) listen(from *os.File) {
	in := bufio.NewReader(from)
	for {
		text, err := in.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if json.Unmarshal(text[:len(text)-1], &m) != nil {
			continue
		}
		b.mu.Lock()
		if waits := b.waiting[m.ID]; waits != nil {
			delete(b.waiting, m.ID)
			waits <- m
		}
		if m.Method == "Runtime.exceptionThrown" || m.Method == "Log.entryAdded" {
			b.said = append(b.said, string(m.Params))
		}
		b.mu.Unlock()
	}
}

// send gives a command and reads its result, unless result is nil.
func (b *browser) send(method string, params map[string]any, result any) {
	b.Helper()
	waits := make(chan message, 1)
	b.mu.Lock()
	b.last++
	id := b.last
	b.waiting[id] = waits
	b.mu.Unlock()
	command := map[string]any{"id": id, "method": method}
	if params != nil {
		command["params"] = params
	}
	if b.session != "" { // else it is the browser that is told
		command["sessionId"] = b.session
	}
	text, err := json.Marshal(command)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := b.to.Write(append(text, 0)); err != nil {
		b.Fatalf("%s: the browser has gone: %v", method, err)
	}
	select {
	case m := <-waits:
		if m.Error != nil {
			b.Fatalf("%s: %s", method, m.Error)
		}
		if result == nil {
			return
		}
		if err := json.Unmarshal(m.Result, result); err != nil {
			b.Fatalf("%s: %v in %s", method, err, m.Result)
		}
	case <-time.After(patience):
		b.Fatalf("%s: no answer in %v", method, patience)
	}
}

// value is what an expression of JavaScript gives, as text.
func (b *browser) value(expression string) string {
	b.Helper()
	var got struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	b.send("Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true}, &got)
	if got.ExceptionDetails != nil {
		b.Fatalf("%s: %s", expression, got.ExceptionDetails)
	}
	return fmt.Sprint(got.Result.Value)
}

// until waits for an expression to be true.
func (b *browser) until(condition string) {
	b.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if b.value("Boolean("+condition+")") == "true" {
			return
		}
	}
	b.Fatalf("never true: %s\nthe page says: %s", condition, b.value("document.querySelector(\"main\").innerText.slice(0, 400)"))
}

// open shows an address, and waits until the page has nothing more to wait for.
func (b *browser) open(address string) {
	b.Helper()
	b.send("Page.navigate", map[string]any{"url": "about:blank"}, nil) // or a new fragment would be no new page
	b.send("Page.navigate", map[string]any{"url": address}, nil)
	b.until(`document.querySelector("h1, .notice") && !document.querySelector("[aria-busy]")`)
}

// press gives a key to the page.
func (b *browser) press(key string) {
	b.Helper()
	for _, kind := range []string{"keyDown", "keyUp"} {
		b.send("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": key, "text": key}, nil)
	}
}

// quiet checks that the page complained of nothing: no error, nothing that its policy forbids.
func (b *browser) quiet() {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.said {
		b.Errorf("the page complains: %s", s)
	}
}
