package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"voordeur/internal/municipality"
)

//go:embed static
var staticFiles embed.FS

// staticPrefix is where the static files live.
const staticPrefix = "/static/"

// Assets serves the static files under names that hold a hash of their content, so that a browser may keep them for a
// year.
type Assets struct {
	paths map[string]string // by plain name
	files map[string]asset  // by address
}

type asset struct {
	contentType string
	plain       []byte
	gzipped     func() []byte // compressed when first asked for
}

// NewAssets returns the static files, the style sheet in a municipality's colours. It gives an error that lists every
// fault of the theme when there is one.
func NewAssets(theme municipality.Theme) (*Assets, error) {
	colours, err := themeCSS(theme)
	if err != nil {
		return nil, err
	}
	entries, err := staticFiles.ReadDir("static")
	if err != nil {
		return nil, fmt.Errorf("list static files: %w", err)
	}
	a := &Assets{paths: map[string]string{}, files: map[string]asset{}}
	for _, entry := range entries {
		content, err := staticFiles.ReadFile("static/" + entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read static file %s: %w", entry.Name(), err)
		}
		if entry.Name() == "style.css" {
			content = append([]byte(colours), content...)
		}
		if err := a.add(entry.Name(), content); err != nil {
			return nil, fmt.Errorf("add static file %s: %w", entry.Name(), err)
		}
	}
	return a, nil
}

func (a *Assets) add(name string, content []byte) error {
	ext := path.Ext(name)
	contentType, err := contentTypeOf(ext)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	address := staticPrefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:8]) + ext
	a.paths[name] = address
	a.files[address] = asset{
		contentType: contentType,
		plain:       content,
		gzipped:     sync.OnceValue(func() []byte { return gzipped(content) }),
	}
	return nil
}

// contentTypeOf returns the content type of the kinds of static file there are, by suffix.
func contentTypeOf(ext string) (string, error) {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8", nil
	case ".svg":
		return "image/svg+xml", nil
	}
	return "", fmt.Errorf("no content type for %q", ext)
}

// Path returns the address of a static file by its plain name, "style.css". A name that is not there is an error, so
// that a template with a slip of the pen never reaches anybody.
func (a *Assets) Path(name string) (string, error) {
	address, ok := a.paths[name]
	if !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return address, nil
}

// ServeHTTP serves /static/{name}.{hash}.{ext}; anything else is not found.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := a.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := file.plain
	if acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = file.gzipped()
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body)
}
