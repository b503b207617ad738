package web

import (
	"net/http"
	"slices"

	"voordeur/internal/form"
)

// The sheets to print at the desk, which has no address of the residents' pages.
const (
	deskPaperPath = "/desk/papier"
	deskCardPath  = "/desk/papier/kaart"
)

// paper shows a path as a sheet to print, in any of the municipality's languages.
func (d *desk) paper(path form.Path) deskPage {
	at, other := deskPaperPath, deskCardPath
	if path == form.Card {
		at, other = deskCardPath, deskPaperPath
	}
	return func(w http.ResponseWriter, r *http.Request, s seat) error {
		lang := r.URL.Query().Get(languageField)
		if !slices.Contains(d.Municipality.Languages, lang) {
			lang = fallback
		}
		name := lang
		if d.Municipality.Formal {
			name += polite
		}
		texts, err := d.Texts.In(name)
		if err != nil {
			return err
		}
		checked, err := d.Texts.Checked(lang)
		if err != nil {
			return err
		}
		p := newPaperPage(d.Municipality, d.Intake.Form, path, texts)
		p.Frame = d.frame(texts, s, p.Heading, "")
		p.Lang, p.Dir, p.Unchecked = lang, direction(lang), !checked && lang != fallback
		p.words, p.Style = texts.name, paperStyle
		p.Back = entryPath
		p.Other.URL = other + languageQuery(lang)
		for _, l := range d.Municipality.Languages {
			p.Languages = append(p.Languages, Language{
				Code: l, Name: ownName(l), Dir: direction(l), Current: l == lang, URL: at + languageQuery(l),
			})
		}
		return d.renderer.render(w, http.StatusOK, "resident/paper", p)
	}
}
