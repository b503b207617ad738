package web

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// sampleTexts is a catalog with a language that lacks texts.
func sampleTexts() *Catalog {
	return newCatalog(fstest.MapFS{
		"nl.json": {Data: []byte(`{
			"plain": "Snel weg",
			"named": "Vraag {{.N}} van {{.Total}}",
			"many": {"one": "{{.Count}} dag", "other": "{{.Count}} dagen"},
			"you": "Wat wil je?"
		}`)},
		"nl-u.json":     {Data: []byte(`{"you": "Wat wilt u?"}`)},
		"frame.nl.json": {Data: []byte(`{"frame.back": "Terug"}`)},
		"en.json":       {Data: []byte(`{"plain": "Leave now"}`)},
	})
}

func TestTextsSayWhatTheFilesSay(t *testing.T) {
	tests := map[string]struct {
		lang, key string
		args      []any
		want      string
	}{
		"a plain text":                     {"nl", "plain", nil, "Snel weg"},
		"a text of another file":           {"nl", "frame.back", nil, "Terug"},
		"a text with names filled in":      {"nl", "named", []any{"N", 3, "Total", 12}, "Vraag 3 van 12"},
		"one of something":                 {"nl", "many", []any{"Count", 1}, "1 dag"},
		"more of something":                {"nl", "many", []any{"Count", 2}, "2 dagen"},
		"another language":                 {"en", "plain", nil, "Leave now"},
		"a text the other language lacks":  {"en", "frame.back", nil, inDutch("Terug")},
		"a language nobody wrote":          {"so", "plain", nil, inDutch("Snel weg")},
		"another language, and u in Dutch": {"en-u", "you", nil, inDutch("Wat wilt u?")},
		"Dutch that says u":                {"nl-u", "you", nil, "Wat wilt u?"},
		"Dutch that says je":               {"nl", "you", nil, "Wat wil je?"},
		"a key nobody wrote":               {"nl", "none", nil, "none"},
		"what a person wrote stays a text": {"nl", "named", []any{"N", "{{.Total}}", "Total", "<b>"}, "Vraag {{.Total}} van <b>"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			texts, err := sampleTexts().In(tt.lang)
			if err != nil {
				t.Fatal(err)
			}
			if got := texts.T(tt.key, tt.args...); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTextsKnowWhichKeysThereAre(t *testing.T) {
	texts, err := sampleTexts().In("en")
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]bool{"plain": true, "frame.back": true, "none": false} {
		if got := texts.Has(key); got != want {
			t.Errorf("%s: got %v, want %v", key, got, want)
		}
	}
}

func TestCatalogLoadsALanguageOnce(t *testing.T) {
	c := sampleTexts()
	first, err := c.In("nl")
	if err != nil {
		t.Fatal(err)
	}
	second, err := c.In("nl")
	if err != nil {
		t.Fatal(err)
	}
	if first != second {
		t.Error("the second page read the files again")
	}
}

func TestCatalogSaysWhichFileIsBroken(t *testing.T) {
	_, err := newCatalog(fstest.MapFS{"nl.json": {Data: []byte(`{"plain": `)}}).In("nl")
	if err == nil || !strings.Contains(err.Error(), "nl") {
		t.Errorf("got %v", err)
	}
}

// TestEveryTextATemplateNamesIsThere reads the keys out of the templates.
func TestEveryTextATemplateNamesIsThere(t *testing.T) { //ux:19
	texts, err := NewCatalog().In("nl")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`[{(]\s*(?:\w+ )?t "([^"]+)"`)
	count := 0
	err = fs.WalkDir(templateFiles, "templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(templateFiles, path)
		if err != nil {
			return err
		}
		for _, m := range named.FindAllStringSubmatch(string(content), -1) {
			count++
			if !texts.Has(m[1]) {
				t.Errorf("%s names %q, which has no text", path, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 20 {
		t.Errorf("found %d keys in the templates, want all of them", count)
	}
}
