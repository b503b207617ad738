package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

//go:embed templates
var templateFiles embed.FS

// Renderer renders pages. A page's templates are parsed when it is first asked for, per language.
type Renderer struct {
	files  fs.FS // templates/layout.gohtml, templates/parts.gohtml and the pages
	texts  *Catalog
	assets *Assets

	mu     sync.Mutex
	parsed map[pageKey]*template.Template
}

type pageKey struct{ page, words string }

// NewRenderer returns a renderer that writes texts and links to assets.
func NewRenderer(texts *Catalog, assets *Assets) *Renderer {
	return &Renderer{files: templateFiles, texts: texts, assets: assets, parsed: map[pageKey]*template.Template{}}
}

// render writes a page as a whole, or nothing: on an error w is untouched. page is the template's path below templates
// without its suffix, "resident/start"; it defines "main", and may use the parts. data embeds Frame.
func (r *Renderer) render(w http.ResponseWriter, status int, page string, data framed) error {
	t, err := r.page(pageKey{page, data.frame().wordsIn()})
	if err != nil {
		return fmt.Errorf("parse page %s: %w", page, err)
	}
	var buf bytes.Buffer
	if err := t.ExecuteTemplate(&buf, "layout", data); err != nil {
		return fmt.Errorf("render page %s: %w", page, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write(markDutch(buf.Bytes())); err != nil {
		return fmt.Errorf("write page %s: %w", page, err)
	}
	return nil
}

func (r *Renderer) page(key pageKey) (*template.Template, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t, ok := r.parsed[key]; ok {
		return t, nil
	}
	texts, err := r.texts.In(key.words)
	if err != nil {
		return nil, err
	}
	t, err := template.New("").Option("missingkey=error").Funcs(template.FuncMap{
		"t":     texts.T,
		"dutch": texts.Dutch,
		"lang":  spokenIn,
		"asset": r.assets.Path,
		"tel":   dialled,
		"count": func(n int) string { return grouped(n, texts.T("frame.thousands")) },
		// file is the language of what the municipality's file says, when the page is in another; "" otherwise.
		"file": func() string {
			if texts.Language() == fallback {
				return ""
			}
			return fallback
		},
	}).ParseFS(r.files, "templates/layout.gohtml", "templates/parts.gohtml", "templates/"+key.page+".gohtml")
	if err != nil {
		return nil, err
	}
	r.parsed[key] = t
	return t, nil
}

// dialled returns a telephone number as a tel: link wants it: digits, and a plus in front.
func dialled(number string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
}

// grouped returns a whole number with a mark before each thousand, "2.000".
func grouped(n int, mark string) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s%s%03d", grouped(n/1000, mark), mark, n%1000)
}
