package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Every file texts/{lang}.json or texts/{part}.{lang}.json is one flat map of key to text. Words in {{.Braces}} are
// filled in; a text with plural forms is a map of "one" and "other", chosen by the argument Count. The files of nl-u
// hold the texts in which a formal municipality says u, and no others. A text whose key ends in .other is for who fills
// in for somebody else. "_checked": false marks a translation that no native reader has checked.
//
//go:embed texts/*.json
var textFiles embed.FS

const (
	// fallback is the language of a text that another language lacks.
	fallback = "nl"
	// formal is Dutch that says u.
	formal = "nl-u"
	// checkedMark is the entry of a file that says whether a native reader has checked it.
	checkedMark = "_checked"
)

// Catalog holds the texts of every language; a language is loaded when it is first asked for.
type Catalog struct {
	files fs.FS

	mu     sync.Mutex
	loaded map[string]*Texts
}

// NewCatalog returns the catalog of the page texts.
func NewCatalog() *Catalog { return newCatalog(textFiles) }

func newCatalog(files fs.FS) *Catalog {
	return &Catalog{files: files, loaded: map[string]*Texts{}}
}

// In returns the texts in a language (BCP 47, or nl-u), with Dutch for what it lacks.
func (c *Catalog) In(lang string) (*Texts, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t, ok := c.loaded[lang]; ok {
		return t, nil
	}
	t, err := c.load(lang)
	if err != nil {
		return nil, fmt.Errorf("load texts in %s: %w", lang, err)
	}
	c.loaded[lang] = t
	return t, nil
}

func (c *Catalog) load(lang string) (*Texts, error) {
	names, err := fs.Glob(c.files, "texts/*.json")
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(language.Make(fallback))
	t := &Texts{name: lang, keys: map[string]bool{}}
	for _, of := range slices.Compact([]string{fallback, lang}) { // what comes later wins
		for _, name := range names {
			if languageOf(name) != of {
				continue
			}
			if err := t.read(bundle, c.files, name); err != nil {
				return nil, fmt.Errorf("read %s: %w", name, err)
			}
		}
	}
	t.localizer = i18n.NewLocalizer(bundle, t.Language(), fallback)
	return t, nil
}

// Checked says whether a native reader has checked the texts in a language. It reads no text.
func (c *Catalog) Checked(lang string) (bool, error) {
	names, err := fs.Glob(c.files, "texts/*.json")
	if err != nil {
		return false, fmt.Errorf("list texts: %w", err)
	}
	for _, name := range names {
		if languageOf(name) != lang {
			continue
		}
		data, err := fs.ReadFile(c.files, name)
		if err != nil {
			return false, fmt.Errorf("read texts: %w", err)
		}
		mark := struct {
			Checked *bool `json:"_checked"`
		}{}
		if err := json.Unmarshal(data, &mark); err != nil {
			return false, fmt.Errorf("read %s: %w", name, err)
		}
		if mark.Checked != nil && !*mark.Checked {
			return false, nil
		}
	}
	return true, nil
}

// languageOf returns the language of a text file: "nl" for texts/nl.json and texts/frame.nl.json.
func languageOf(name string) string {
	parts := strings.Split(strings.TrimSuffix(path.Base(name), ".json"), ".")
	return parts[len(parts)-1]
}

// Texts is the texts in one language.
type Texts struct {
	name      string // of the catalog: a language, or nl-u
	localizer *i18n.Localizer
	keys      map[string]bool
}

// read adds a file's texts.
func (t *Texts) read(bundle *i18n.Bundle, files fs.FS, name string) error {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var entries map[string]any
	if err := json.Unmarshal(data, &entries); err != nil {
		return err
	}
	delete(entries, checkedMark)
	tag := language.Make(strings.TrimSuffix(languageOf(name), "-u"))
	for key, entry := range entries {
		m, err := i18n.NewMessage(entry)
		if text, ok := entry.(string); ok {
			m, err = &i18n.Message{Other: text}, nil
		}
		if err != nil {
			return fmt.Errorf("text %s: %w", key, err)
		}
		m.ID = key
		if err := bundle.AddMessages(tag, m); err != nil {
			return fmt.Errorf("text %s: %w", key, err)
		}
		t.keys[key] = true
	}
	return nil
}

// Language returns the language (BCP 47).
func (t *Texts) Language() string { return strings.TrimSuffix(t.name, "-u") }

// Has says whether there is a text for a key.
func (t *Texts) Has(key string) bool { return t.keys[key] }

// T returns the text of a key. args are names and values in turn: T("frame.step", "N", 3, "Total", 6) fills in {{.N}}
// and {{.Total}}; an argument named Count, an int, chooses the plural form. A key without text gives the key itself, so
// that a resident can still go on; tests see to it that there is none.
func (t *Texts) T(key string, args ...any) string {
	data := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].(string); ok {
			data[name] = args[i+1]
		}
	}
	// A text that only Dutch has comes with an error that says so.
	text, _ := t.localizer.Localize(&i18n.LocalizeConfig{
		MessageID: key, TemplateData: data, PluralCount: data["Count"],
	})
	if text == "" {
		return key
	}
	return text
}
