package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"voordeur/internal/municipality"
)

// plainTheme is a theme that every pair of colours agrees with.
func plainTheme() municipality.Theme {
	return municipality.Theme{
		Primary: "#14406f", OnPrimary: "#ffffff", Link: "#0b5394", Text: "#12213a", Surface: "#eef3f8",
	}
}

func newAssets(t *testing.T, theme municipality.Theme) *Assets {
	t.Helper()
	a, err := NewAssets(theme)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func pathOf(t *testing.T, a *Assets, name string) string {
	t.Helper()
	address, err := a.Path(name)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func TestAssetsServesFilesForAYear(t *testing.T) {
	a := newAssets(t, plainTheme())
	for name, kind := range map[string]string{"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"} {
		t.Run(name, func(t *testing.T) {
			address := pathOf(t, a, name)
			stem, ext, _ := strings.Cut(name, ".")
			if !regexp.MustCompile(`^/static/` + stem + `\.[0-9a-f]{16}\.` + ext + `$`).MatchString(address) {
				t.Errorf("address: got %s", address)
			}
			plain := answer(a, http.MethodGet, address, nil)
			want := map[string]string{
				"Content-Type":  kind,
				"Cache-Control": "public, max-age=31536000, immutable",
				"Vary":          "Accept-Encoding",
			}
			for header, value := range want {
				if got := plain.Header.Get(header); got != value {
					t.Errorf("%s: got %q, want %q", header, got, value)
				}
			}
			small := answer(a, http.MethodGet, address, http.Header{"Accept-Encoding": {"br, gzip"}})
			if got := small.Header.Get("Content-Encoding"); got != "gzip" {
				t.Fatalf("Content-Encoding: got %q, want gzip", got)
			}
			zr, err := gzip.NewReader(small.Body)
			if err != nil {
				t.Fatal(err)
			}
			unpacked, err := io.ReadAll(zr)
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(plain.Body)
			if err != nil {
				t.Fatal(err)
			}
			if len(content) == 0 || !bytes.Equal(unpacked, content) {
				t.Errorf("unpacked: got %d bytes, want the plain %d", len(unpacked), len(content))
			}
		})
	}
}

func TestAssetsKnowsNothingElse(t *testing.T) {
	a := newAssets(t, plainTheme())
	style := pathOf(t, a, "style.css")
	for name, address := range map[string]string{
		"a name without its hash": "/static/style.css",
		"another hash":            strings.Replace(style, "/style.", "/style.0", 1),
		"a file that is not ours": "/static/../assets.go",
		"the folder":              "/static/",
		"the style sheet of another theme": pathOf(t, newAssets(t, municipality.Theme{
			Primary: "#5b2a6e", OnPrimary: "#ffffff", Link: "#0b5394", Text: "#12213a", Surface: "#f7f2f9",
		}), "style.css"),
	} {
		t.Run(name, func(t *testing.T) {
			if got := answer(a, http.MethodGet, address, nil).StatusCode; got != http.StatusNotFound {
				t.Errorf("%s: got %d, want 404", address, got)
			}
		})
	}
	if got := answer(a, http.MethodPost, style, nil).StatusCode; got != http.StatusMethodNotAllowed {
		t.Errorf("POST: got %d, want 405", got)
	}
	if _, err := a.Path("styles.css"); err == nil {
		t.Error("the address of a file that is not there was given")
	}
}

// TestStyleWeighsLittle leaves five of the first page's fifteen kilobytes for the page itself.
func TestStyleWeighsLittle(t *testing.T) { //ux:03
	a := newAssets(t, plainTheme())
	total := 0
	for _, name := range []string{"style.css", "icon.svg"} {
		got := answer(a, http.MethodGet, pathOf(t, a, name), http.Header{"Accept-Encoding": {"gzip"}})
		content, err := io.ReadAll(got.Body)
		if err != nil {
			t.Fatal(err)
		}
		total += len(content)
	}
	if total > 10_000 {
		t.Errorf("style and icon weigh %d bytes, want at most 10,000", total)
	}
}
