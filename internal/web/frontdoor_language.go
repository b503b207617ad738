package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"voordeur/internal/form"
)

// languageField names a language where a request does: in an address, and on the buttons inside a form.
//
// A draft knows its language, and its cookie repeats it for the pages that read no draft. The start page and the plain
// ones go by their address alone: they are the same for everybody.
const languageField = "taal"

// answersForm is the id of a page's form that language buttons send.
const answersForm = "answers"

// languageQuery is what an address of ours ends in to be shown in a language, "" for Dutch.
func languageQuery(lang string) string {
	if lang == fallback {
		return ""
	}
	return "?" + url.Values{languageField: {lang}}.Encode()
}

// ownName is what a language calls itself.
func ownName(lang string) string {
	switch lang {
	case "nl":
		return "Nederlands"
	case "en":
		return "English"
	case "ar":
		return "العربية"
	case "tr":
		return "Türkçe"
	case "uk":
		return "Українська"
	case "pl":
		return "Polski"
	case "ti":
		return "ትግርኛ"
	case "so":
		return "Soomaali"
	}
	return lang
}

// findLanguages returns those of the municipality's languages that residents may choose.
func (d *frontdoor) findLanguages() ([]string, error) {
	if d.UncheckedLanguages {
		return d.Municipality.Languages, nil
	}
	var checked []string
	for _, lang := range d.Municipality.Languages {
		ok, err := d.Texts.Checked(lang)
		if err != nil {
			return nil, fmt.Errorf("languages to choose from: %w", err)
		}
		if ok {
			checked = append(checked, lang)
		}
	}
	return checked, nil
}

// spoken returns a language when residents may choose it, Dutch otherwise.
func (d *frontdoor) spoken(lang string) (string, error) {
	offered, err := d.languages()
	if err != nil || !slices.Contains(offered, lang) {
		return fallback, err
	}
	return lang, nil
}

// texts returns the texts of residents' pages in a language, in Dutch when it is none to choose from.
func (d *frontdoor) texts(lang string) (*Texts, error) {
	lang, err := d.spoken(lang)
	if err != nil {
		return nil, err
	}
	if d.Municipality.Formal {
		lang += polite
	}
	return d.Texts.In(lang)
}

// speak saves the language that a button inside a form asks for.
func (d *frontdoor) speak(r *http.Request, v visit, draft form.Draft) (form.Draft, error) {
	lang, err := d.spoken(r.PostForm.Get(languageField))
	if err != nil || lang == draft.Language {
		return draft, err
	}
	draft.Language = lang
	if err := d.Drafts.Save(r.Context(), v.secret, draft, d.Now()); err != nil {
		return form.Draft{}, fmt.Errorf("save language: %w", err)
	}
	return draft, nil
}

// textsAsked returns the texts in the language that an address asks for.
func (d *frontdoor) textsAsked(r *http.Request) (*Texts, error) {
	return d.texts(r.URL.Query().Get(languageField))
}

// textsKept returns the texts in the language that an address asks for or, when it asks for none, the cookie's: of one
// that was idle too, whose form is closed and whose reader is the same.
func (d *frontdoor) textsKept(r *http.Request) (*Texts, error) {
	if v, _, ok := d.cookieOf(r); ok && !r.URL.Query().Has(languageField) {
		return d.texts(v.language)
	}
	return d.textsAsked(r)
}

// choices returns the language switch of a page: links that show an address in another language.
func (d *frontdoor) choices(texts *Texts, address string) []Language {
	offered, err := d.languages()
	if err != nil {
		return nil // the texts were found, so it was told already
	}
	var all []Language
	for _, lang := range offered {
		all = append(all, Language{
			Code: lang, Name: ownName(lang), Dir: direction(lang), Current: lang == texts.Language(),
			URL: address + "?" + url.Values{languageField: {lang}}.Encode(),
		})
	}
	return all
}
