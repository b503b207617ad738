// Package texts is the words of the pages, a file a language, and of them those of the form: what dispatch keeps of a
// form needs no page.
package texts

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"strings"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// Files holds {lang}.json and {part}.{lang}.json, each one flat map of key to text. Words in {{.Braces}} are
// filled in; a text with plural forms is a map of the language's CLDR categories, "one" and "other" in Dutch, chosen by
// the argument Count. The files of nl-u hold the texts in which a formal municipality says u, and no others. A text whose
// key ends in .other is for who fills in for somebody else. "_checked": false marks a translation that no native reader
// has checked.
//
//go:embed *.json
var Files embed.FS

const (
	// Dutch is the language of a text that another language lacks.
	Dutch = "nl"
	// Polite ends the name of texts that say u where they are Dutch: "nl-u", "ar-u".
	Polite = "-u"
)

// AskedForm returns the form of a municipality as its residents are asked it, in Dutch: it is kept with what they answer.
func AskedForm(m *municipality.Municipality) (form.Asked, error) {
	asked := form.Asked{Definition: form.Of(m), Texts: map[string]string{}}
	names := []string{Dutch + ".json"}
	if m.Formal {
		names = append(names, Dutch+Polite+".json")
	}
	for _, name := range names {
		data, err := fs.ReadFile(Files, name)
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
	maps.Copy(asked.Texts, Own(m)[Dutch])
	return asked, nil
}

// Own returns the words of the municipality's own questions, by language and key.
func Own(m *municipality.Municipality) map[string]map[string]string {
	added := map[string]map[string]string{}
	for _, q := range m.Questions {
		for lang, said := range q.Texts {
			if added[lang] == nil {
				added[lang] = map[string]string{}
			}
			base := "q." + form.OwnKey(q.Key)
			words := map[string]string{
				base + ".title": said.Title, base + ".short": said.Short, base + ".hint": said.Hint,
				base + ".title.other": said.Other.Title, base + ".short.other": said.Other.Short, base + ".hint.other": said.Other.Hint,
			}
			for o, text := range said.Options {
				words[base+".option."+o] = text
			}
			for key, text := range words {
				if text != "" {
					added[lang][key] = text
				}
			}
		}
	}
	return added
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
