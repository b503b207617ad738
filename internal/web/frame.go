// Package web is the pages: resident and desk handlers, their templates, texts, style and headers.
package web

import "voordeur/internal/municipality"

// exitPath is where "Snel weg" points: a plain GET that drops the draft's cookie and goes to a neutral site.
const exitPath = "/weg"

// Frame is what every page shows around its own content. A page's data struct embeds it.
type Frame struct {
	Lang         string // BCP 47: "nl"
	Dir          string // "ltr" or "rtl"
	Title        string // what the page is, "Vraag 3 van 6: …"; layout adds service, municipality and "Fout:"
	Municipality string // its name, "Gemeente" included
	Service      string // neutral name of the service

	Step      string        // where we are, shown above the heading: "Vraag 3 van 6"
	Back      string        // address of the page before, "" for none
	Problems  []ProblemLink // the error summary, in page order; layout shows it first and focuses it
	Languages []Language    // shown when there is more than one
	Unchecked bool          // no native reader has checked the page's language

	// LanguageForm is the id of the form that a language button sends, so that what was typed stays; "" for links.
	LanguageForm string

	Help    *HelpBlock // the block in the same place of every resident page
	ExitURL string     // "Snel weg", "" on desk pages
	NoIndex bool
	Style   string // a style sheet of the page's own, besides the one that all have; "" for none

	words string // of the catalog, when they are not those of Lang

	Desk    bool
	Nav     []NavLink // desk only
	User    string    // desk only: who is signed in
	SignOut SignOut   // desk only, when somebody is
}

func (f Frame) frame() Frame { return f }

// framed is a page's data: a struct that embeds Frame.
type framed interface{ frame() Frame }

// ProblemLink is one line of the error summary.
type ProblemLink struct {
	Field string // id of the input it leads to
	Text  string // what to do: "Vul je naam in, bijvoorbeeld Sam"
}

// Language is one entry of the language switch.
type Language struct {
	Code    string // BCP 47
	Name    string // its own name for itself
	Dir     string
	URL     string // of a link; a button needs none
	Current bool
}

// HelpBlock says how to get through without the form.
type HelpBlock struct {
	Team   string // what residents know the team by, "het wijkteam"
	Number string // as people write it, "14 000"
	WalkIn municipality.WalkIn
	Danger string // "112"
	Paper  string // address of the form on paper
}

// NavLink is one entry of the desk's navigation.
type NavLink struct {
	Label   string
	URL     string
	Current bool
}

// SignOut is the form that ends a worker's session.
type SignOut struct {
	URL   string
	Token string // sent back as the field "token"
}

// Query is what an address of ours ends in to be shown in the page's language, "" for Dutch.
func (f Frame) Query() string { return languageQuery(f.Lang) }

// wordsIn returns the name of the catalog's texts that the page is written in.
func (f Frame) wordsIn() string {
	if f.words != "" {
		return f.words
	}
	return f.Lang
}

// residentFrame returns the frame of a resident's page in a language. Title, Back and Problems are the page's own.
func residentFrame(m *municipality.Municipality, lang string) Frame {
	return Frame{
		Lang:         lang,
		Dir:          direction(lang),
		Municipality: m.Name,
		Service:      m.Service,
		ExitURL:      exitPath,
		Help: &HelpBlock{
			Team:   m.Team,
			Number: m.Numbers.Team.Number,
			WalkIn: m.WalkIn,
			Danger: m.Numbers.Emergency.Number,
			Paper:  paperPath + languageQuery(lang),
		},
	}
}

// deskFrame returns the frame of a worker's page. user is the signed-in worker's name, "" before sign-in. Title and
// Nav are the page's own.
func deskFrame(m *municipality.Municipality, user string) Frame {
	return Frame{
		Lang:         "nl",
		Dir:          "ltr",
		Municipality: m.Name,
		Service:      m.Service,
		NoIndex:      true,
		Desk:         true,
		User:         user,
	}
}

// direction returns the writing direction of a language.
func direction(lang string) string {
	if lang == "ar" {
		return "rtl"
	}
	return "ltr"
}
