package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// with returns the catalog with more texts, by language and key; of two for one key, the added one holds.
func (c *Catalog) with(added map[string]map[string]string) *Catalog {
	more := newCatalog(c.files)
	more.added = added
	return more
}

// of returns the catalog with the words of the municipality's own questions. A language that lacks one says it in Dutch.
func (c *Catalog) of(m *municipality.Municipality) *Catalog { return c.with(ownTexts(m)) }

// ownTexts returns the words of the municipality's own questions, by language and key.
func ownTexts(m *municipality.Municipality) map[string]map[string]string {
	added := map[string]map[string]string{}
	for _, q := range m.Questions {
		for lang, texts := range q.Texts {
			if added[lang] == nil {
				added[lang] = map[string]string{}
			}
			base := "q." + form.OwnKey(q.Key)
			said := map[string]string{
				base + ".title": texts.Title, base + ".short": texts.Short, base + ".hint": texts.Hint,
				base + ".title.other": texts.Other.Title, base + ".short.other": texts.Other.Short, base + ".hint.other": texts.Other.Hint,
			}
			for o, text := range texts.Options {
				said[base+".option."+o] = text
			}
			for key, text := range said {
				if text != "" {
					added[lang][key] = text
				}
			}
		}
	}
	return added
}

// add puts what was added in a language into a bundle.
func (t *Texts) add(bundle *i18n.Bundle, lang string, texts map[string]string) error {
	for key, text := range texts {
		if err := bundle.AddMessages(language.Make(lang), &i18n.Message{ID: key, Other: text}); err != nil {
			return fmt.Errorf("text %s: %w", key, err)
		}
		t.keys[key] = true
	}
	return nil
}

// AskedForm returns the form of a municipality as its residents are asked it, in Dutch: it is kept with what they answer.
func AskedForm(m *municipality.Municipality) (form.Asked, error) {
	asked := form.Asked{Definition: form.Of(m), Texts: map[string]string{}}
	names := []string{"texts/" + fallback + ".json"}
	if m.Formal {
		names = append(names, "texts/"+fallback+polite+".json")
	}
	for _, name := range names {
		data, err := fs.ReadFile(textFiles, name)
		if err != nil {
			return form.Asked{}, fmt.Errorf("read texts: %w", err)
		}
		var entries map[string]any
		if err := json.Unmarshal(data, &entries); err != nil {
			return form.Asked{}, fmt.Errorf("read %s: %w", name, err)
		}
		for key, entry := range entries {
			if text, ok := entry.(string); ok && ofQuestion(key) {
				asked.Texts[key] = text
			}
		}
	}
	maps.Copy(asked.Texts, ownTexts(m)[fallback])
	return asked, nil
}

// askedAs returns what names the form of a municipality as its residents are asked it: a report says so, and dispatch
// keeps the form under that name. It is worked out when first asked for.
func askedAs(m *municipality.Municipality) func() (hash string, err error) {
	return sync.OnceValues(func() (string, error) {
		asked, err := AskedForm(m)
		return asked.Hash(), err
	})
}

// ofQuestion says whether a text is part of what is asked, and not of what is said about the answer.
func ofQuestion(key string) bool {
	if strings.Contains(key, ".error.") {
		return false
	}
	for _, of := range []string{"q.", "page.", "notice.", "option."} {
		if strings.HasPrefix(key, of) {
			return true
		}
	}
	return false
}
