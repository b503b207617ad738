package web

import (
	"fmt"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"voordeur/internal/municipality"
	"voordeur/internal/web/texts"
)

// with returns the catalog with more texts, by language and key; of two for one key, the added one holds.
func (c *Catalog) with(added map[string]map[string]string) *Catalog {
	more := newCatalog(c.files)
	more.added = added
	return more
}

// of returns the catalog with the words of the municipality's own questions. A language that lacks one says it in Dutch.
func (c *Catalog) of(m *municipality.Municipality) *Catalog { return c.with(texts.Own(m)) }

// add puts what was added in a language into a bundle.
func (t *Texts) add(bundle *i18n.Bundle, lang string, added map[string]string) error {
	for key, text := range added {
		if err := bundle.AddMessages(language.Make(lang), &i18n.Message{ID: key, Other: text}); err != nil {
			return fmt.Errorf("text %s: %w", key, err)
		}
		t.keys[key] = true
	}
	return nil
}

// askedAs returns what names the form of a municipality as its residents are asked it: a report says so, and dispatch
// keeps the form under that name. It is worked out when first asked for.
func askedAs(m *municipality.Municipality) func() (hash string, err error) {
	return sync.OnceValues(func() (string, error) {
		asked, err := texts.AskedForm(m)
		return asked.Hash(), err
	})
}
