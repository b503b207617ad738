package web

import (
	"net/http"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// The form and the outreach card on paper: for everybody, and the same for everybody.
const (
	paperPath = "/papier"
	cardPath  = "/papier/kaart"
)

// paperStyle is the style sheet of what is printed; no other page pays for it.
const paperStyle = "paper.css"

// paperPage is a path through the form as a sheet to print: blank, with the keys that data entry goes by.
type paperPage struct {
	Frame
	Card    bool // small, to carry along
	Heading string
	Intro   []string
	Parts   []printedPart
	Numbers []Phone // at the foot of every sheet of paper, like where to hand it in
	Team    Phone
	WalkIn  municipality.WalkIn
	Other   NavLink // the other sheet
}

// newPaperPage returns the sheet of a path without its frame and the link to the other one. Its title, which is what it
// is headed by, says nothing of what it asks.
func newPaperPage(m *municipality.Municipality, d form.Definition, path form.Path, texts *Texts) paperPage {
	p := paperPage{
		Parts: newPaperForm(wording{texts: texts, municipality: m}, d, path).parts(func(notice string) []Phone {
			return phonesFor(m, texts, notice)
		}),
		Numbers: phonesFor(m, texts, "numbers"),
		Team:    phone(texts, m.Numbers.Team, "team"),
		WalkIn:  m.WalkIn,
	}
	if path == form.Card {
		p.Card = true
		p.Heading, p.Intro, p.Other.Label = texts.T("card.title"), lines(texts.T("card.intro", "Team", m.Team)), texts.T("card.other")
	} else {
		p.Heading, p.Intro, p.Other.Label = texts.T("paper.title"), lines(texts.T("paper.intro", "Team", m.Team)), texts.T("paper.other")
	}
	return p
}

// paper shows a path as a sheet to print.
func (d *frontdoor) paper(path form.Path) page {
	at, other := paperPath, cardPath
	if path == form.Card {
		at, other = cardPath, paperPath
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		texts, err := d.textsAsked(r)
		if err != nil {
			return err
		}
		p := newPaperPage(d.Municipality, d.Form, path, texts)
		p.Frame = d.frame(texts, p.Heading)
		p.Style = paperStyle
		p.Other.URL = other + languageQuery(texts.Language())
		p.Languages = d.choices(texts, at)
		return d.render(w, http.StatusOK, "paper", p)
	}
}
