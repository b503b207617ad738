package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Every file texts/{lang}.json or texts/{part}.{lang}.json is one flat map of key to text. Words in {{.Braces}} are
// filled in; a text with plural forms is a map of "one" and "other", chosen by the argument Count.
//
//go:embed texts/*.json
var textFiles embed.FS

// fallback is the language of a text that another language lacks.
const fallback = "nl"

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

// In returns the texts in a language (BCP 47), with Dutch for what it lacks.
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
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	t := &Texts{keys: map[string]bool{}}
	for _, name := range names {
		if of := languageOf(name); of != lang && of != fallback {
			continue
		}
		file, err := bundle.LoadMessageFileFS(c.files, name)
		if err != nil {
			return nil, err
		}
		for _, m := range file.Messages {
			t.keys[m.ID] = true
		}
	}
	t.localizer = i18n.NewLocalizer(bundle, lang, fallback)
	return t, nil
}

// languageOf returns the language of a text file: "nl" for texts/nl.json and texts/frame.nl.json.
func languageOf(name string) string {
	parts := strings.Split(strings.TrimSuffix(path.Base(name), ".json"), ".")
	return parts[len(parts)-1]
}

// Texts is the texts in one language.
type Texts struct {
	localizer *i18n.Localizer
	keys      map[string]bool
}

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
