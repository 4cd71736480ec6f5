package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"
)

// Path is where Handler expects to be mounted. Its pages look for the API beside it.
const Path = "/console/"

//go:embed web
var files embed.FS

// types of the files, which must not depend on the machine's own table.
var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// policy lets the pages use their own files and the API beside them, and nothing else.
// With no trusted type, a browser that knows them refuses to make markup of a string.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// file is one file as it is sent.
type file struct {
	content   []byte
	kind, tag string
}

// Handler serves the console below Path, and leads from Path without its last slash to
// it. It answers GET and HEAD, with an ETag by which browsers ask whether a file has
// changed.
func Handler() http.Handler {
	all := load()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "控制台只读取页面。The console's pages can only be read.", http.StatusMethodNotAllowed)
			return
		}
		if r.URL.Path+"/" == Path {
			http.Redirect(w, r, Path, http.StatusFound)
			return
		}
		name, inside := strings.CutPrefix(r.URL.Path, Path)
		if name == "" {
			name = "index.html"
		}
		f, found := all[name]
		if !inside || !found {
			http.Error(w, "没有这个页面。There is no such page.", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", f.kind)
		w.Header().Set("ETag", f.tag)
		w.Header().Set("Cache-Control", "no-cache") // ask each time: a new version is one whole
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.content))
	})
}

// protect sets what keeps the pages apart from other sites.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
}

// load reads the embedded files. It panics where the program was built without one, or
// with one of a type that is unknown here, which the tests would have found.
func load() map[string]file {
	entries, err := files.ReadDir("web")
	if err != nil {
		panic(err)
	}
	all := make(map[string]file, len(entries))
	for _, e := range entries {
		content, err := files.ReadFile("web/" + e.Name())
		if err != nil {
			panic(err)
		}
		kind, known := types[path.Ext(e.Name())]
		if !known {
			panic("console: no type for " + e.Name())
		}
		sum := sha256.Sum256(content)
		all[e.Name()] = file{content: content, kind: kind, tag: fmt.Sprintf("%q", base64.RawURLEncoding.EncodeToString(sum[:]))}
	}
	return all
}
