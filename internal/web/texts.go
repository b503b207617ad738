package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"unicode"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"voordeur/internal/web/texts"
)

const (
	fallback = texts.Dutch
	polite   = texts.Polite
	// checkedMark is the entry of a file that says whether a native reader has checked it.
	checkedMark = "_checked"
)

// Catalog holds the texts of every language; a language is loaded when it is first asked for.
type Catalog struct {
	files fs.FS
	added map[string]map[string]string // by language and key, besides those of the files

	mu     sync.Mutex
	loaded map[string]*Texts
}

// NewCatalog returns the catalog of the page texts.
func NewCatalog() *Catalog { return newCatalog(texts.Files) }

func newCatalog(files fs.FS) *Catalog {
	return &Catalog{files: files, loaded: map[string]*Texts{}}
}

// In returns the texts of a name: a language (BCP 47), with Dutch for what it lacks, and "-u" after it for Dutch that
// says u.
func (c *Catalog) In(name string) (*Texts, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t, ok := c.loaded[name]; ok {
		return t, nil
	}
	t, err := c.load(name)
	if err != nil {
		return nil, fmt.Errorf("load texts in %s: %w", name, err)
	}
	c.loaded[name] = t
	return t, nil
}

func (c *Catalog) load(texts string) (*Texts, error) {
	names, err := fs.Glob(c.files, "*.json")
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(language.Make(fallback))
	t := &Texts{name: texts, keys: map[string]bool{}}
	wanted := []string{fallback} // what comes later wins
	if strings.HasSuffix(texts, polite) {
		wanted = append(wanted, fallback+polite)
	}
	if lang := t.Language(); lang != fallback {
		wanted = append(wanted, lang)
	}
	for _, of := range wanted {
		for _, name := range names {
			if languageOf(name) != of {
				continue
			}
			if err := t.read(bundle, c.files, name); err != nil {
				return nil, fmt.Errorf("read %s: %w", name, err)
			}
		}
	}
	for _, of := range []string{fallback, t.Language()} {
		if err := t.add(bundle, of, c.added[of]); err != nil {
			return nil, err
		}
	}
	t.own = i18n.NewLocalizer(bundle, t.Language(), fallback)
	t.dutch = i18n.NewLocalizer(bundle, fallback)
	return t, nil
}

// Checked says whether a native reader has checked the texts in a language; nobody has checked one without texts. It
// reads no text.
func (c *Catalog) Checked(lang string) (bool, error) {
	names, err := fs.Glob(c.files, "*.json")
	if err != nil {
		return false, fmt.Errorf("list texts: %w", err)
	}
	there := false
	for _, name := range names {
		if languageOf(name) != lang {
			continue
		}
		there = true
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
	return there, nil
}

// languageOf returns the language of a text file: "nl" for texts/nl.json and texts/frame.nl.json.
func languageOf(name string) string {
	parts := strings.Split(strings.TrimSuffix(path.Base(name), ".json"), ".")
	return parts[len(parts)-1]
}

// Texts is the texts in one language.
type Texts struct {
	name  string // of the catalog: a language, and "-u" for Dutch that says u
	own   *i18n.Localizer
	dutch *i18n.Localizer
	keys  map[string]bool // of the language or of Dutch
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
	tag := language.Make(strings.TrimSuffix(languageOf(name), polite))
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
func (t *Texts) Language() string { return strings.TrimSuffix(t.name, polite) }

// Has says whether there is a text for a key, be it in Dutch.
func (t *Texts) Has(key string) bool { return t.keys[key] }

// T returns the text of a key. args are names and values in turn: T("frame.step", "N", 3, "Total", 6) fills in {{.N}}
// and {{.Total}}; an argument named Count, an int, chooses the plural form. A text that only Dutch has carries the marks
// of inDutch, for the renderer alone: do not put it into an address. A key without text gives the key itself, so that a
// resident can still go on; tests see to it that there is none.
func (t *Texts) T(key string, args ...any) string {
	text, lang := say(t.own, key, args)
	switch {
	case text == "":
		return key
	case lang != t.Language():
		return inDutch(text)
	}
	return text
}

// Dutch returns the Dutch of a key as T says it, marked, to stand beside its translation; "" when T is Dutch already.
// Safety texts are said so: whoever helps may read Dutch only, and a translation may be wrong.
func (t *Texts) Dutch(key string, args ...any) string {
	if _, lang := say(t.own, key, args); lang == fallback {
		return ""
	}
	text, _ := say(t.dutch, key, args)
	return inDutch(text)
}

// Lower returns a text without capitals, as the language writes it.
func (t *Texts) Lower(text string) string {
	if t.Language() == "tr" {
		return strings.ToLowerSpecial(unicode.TurkishCase, text)
	}
	return strings.ToLower(text)
}

// say returns a text and its language; "" when there is none.
func say(l *i18n.Localizer, key string, args []any) (text, lang string) {
	data := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].(string); ok {
			data[name] = args[i+1]
		}
	}
	// A text that only Dutch has comes with an error that says so.
	text, tag, _ := l.LocalizeWithTag(&i18n.LocalizeConfig{
		MessageID: key, TemplateData: data, PluralCount: data["Count"],
	})
	return text, tag.String()
}
