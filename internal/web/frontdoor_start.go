package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// startPage says what this is, whom to call, and shows both ways on.
type startPage struct {
	Frame
	Team      string
	Numbers   []Phone
	TeamPhone Phone
	WalkIn    municipality.WalkIn
	Supporter municipality.Supporter
	ReadBy    string // when somebody has read it at the latest: "maandag 23 november, 17.00 uur"
	Pages     int    // how many the form has for who opens no further ones
	Full      form.Path
	CallMe    form.Path
	Resume    string // address that takes a resume code
	ShutID    string
	Shut      []string // in sight only for who was led here because the browser keeps no cookies
}

// shutID is the part of the start page that says that the browser keeps no cookies. It stands in the page for everybody:
// who was led here has its id behind the address, which the server never sees.
const shutID = "dicht"

// startAgain is where a page leads when no form is open: to the start, in the language of a form that was idle. Who
// pressed its button just now and has no cookie all the same needs to be told; Back after "Snel weg" presses nothing.
func (d *frontdoor) startAgain(r *http.Request) string {
	lang, part := "", ""
	v, _, kept := d.cookieOf(r)
	from, err := url.Parse(r.Referer())
	switch {
	case kept:
		lang = v.language
	case err == nil && from.Path == "/" && r.Header.Get("Sec-Fetch-Site") == "same-origin" && r.Header.Get("Sec-Fetch-User") == "?1":
		lang, part = from.Query().Get(languageField), "#"+shutID
	}
	if lang, err = d.spoken(lang); err != nil {
		lang = fallback // whatever is wrong with the texts, the start page tells
	}
	return "/" + languageQuery(lang) + part
}

// start shows the start page. It is the same for everybody: it tells nobody that a form is being filled in.
func (d *frontdoor) start(w http.ResponseWriter, r *http.Request) error {
	texts, err := d.textsAsked(r)
	if err != nil {
		return err
	}
	m, now := d.Municipality, d.Now()
	page := startPage{
		Frame:     d.frame(texts, texts.T("start.title")),
		Team:      m.Team,
		Numbers:   d.phones(texts, "numbers"),
		TeamPhone: phone(texts, m.Numbers.Team, "team"),
		WalkIn:    m.WalkIn,
		Supporter: m.Supporter,
		ReadBy:    momentOf(texts, m.Due(now, m.TermsOf(municipality.P3).FirstLook)),
		Pages:     len(d.walk(form.Draft{Path: form.Full}).pages),
		Full:      form.Full,
		CallMe:    form.CallMe,
		Resume:    resumePath + languageQuery(texts.Language()),
		ShutID:    shutID,
		Shut:      lines(texts.T("start.shut")),
	}
	page.Languages = d.choices(texts, "/")
	return d.render(w, http.StatusOK, "start", page)
}

// begin opens the first page of a path: with the draft of the same path that the cookie opens, or with a new one. What
// both paths ask comes along from the draft of the other, which its resume code still opens.
func (d *frontdoor) begin(w http.ResponseWriter, r *http.Request) error {
	if err := ParseForm(r); err != nil {
		return err
	}
	path := form.Path(r.PostForm.Get("path"))
	if !slices.Contains([]form.Path{form.Full, form.CallMe}, path) {
		return &BodyError{Status: http.StatusBadRequest}
	}
	lang, err := d.spoken(r.PostForm.Get(languageField))
	if err != nil {
		return err
	}
	answers := form.Answers{}
	if v, ok := d.visitOf(r); ok && !v.sent {
		draft, err := d.Drafts.Load(r.Context(), v.secret, d.Now())
		if err != nil && !errors.Is(err, casework.ErrNotFound) {
			return fmt.Errorf("load draft: %w", err)
		}
		if err == nil && draft.Path == path {
			if draft, err = d.speak(r, v, draft); err != nil {
				return err
			}
			v.language = draft.Language
			d.keep(w, v)
			redirect(w, r, questionPath(d.walk(draft).pages[0].ID))
			return nil
		}
		draft.Path = path
		answers = d.Form.Clean(draft.Answers, d.walk(draft).context)
	}
	v := visit{secret: casework.NewSecret(), language: lang}
	draft := form.Draft{Path: path, Language: lang, Answers: answers, Begun: d.begun(r)}
	if err := d.Drafts.Save(r.Context(), v.secret, draft, d.Now()); err != nil {
		return fmt.Errorf("save new draft: %w", err)
	}
	d.keep(w, v)
	redirect(w, r, questionPath(d.walk(draft).pages[0].ID))
	return nil
}

// leave is "Snel weg": it drops the cookie, and with it the draft, and goes to a neutral site. A browser that only
// fetches ahead, or only asks what is there, gets nothing and keeps its cookie.
func (d *frontdoor) leave(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	for _, header := range []string{"Sec-Purpose", "Purpose", "X-Moz", "X-Purpose"} {
		if r.Header.Get(header) != "" {
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
	}
	d.drop(w)
	w.Header().Set("Clear-Site-Data", `"cache"`)
	redirect(w, r, d.Municipality.ExitURL)
	return nil
}

// plainPage is a page of text.
type plainPage struct {
	Frame
	Heading    string
	Paragraphs []string
}

// plain returns the page of a text, "plain.{name}.title" and "plain.{name}.text", a paragraph a line.
func (d *frontdoor) plain(name string) page {
	return func(w http.ResponseWriter, r *http.Request) error {
		texts, err := d.textsAsked(r)
		if err != nil {
			return err
		}
		title := texts.T("plain." + name + ".title")
		page := plainPage{Frame: d.frame(texts, title), Heading: title}
		page.Languages = d.choices(texts, r.URL.Path)
		page.Paragraphs = lines(texts.T("plain."+name+".text",
			"Municipality", d.Municipality.Name, "Team", d.Municipality.Team, "Number", d.Municipality.Numbers.Team.Number))
		return d.render(w, http.StatusOK, "plain", page)
	}
}

// static serves a static file; an unknown one gets a page like every other address that is not there.
func (d *frontdoor) static(w http.ResponseWriter, r *http.Request) error {
	if _, ok := d.Assets.files[r.URL.Path]; !ok {
		return casework.ErrNotFound
	}
	d.Assets.ServeHTTP(w, r)
	return nil
}

// robots lets search engines find the start page and nothing that belongs to one person.
func (d *frontdoor) robots(w http.ResponseWriter, _ *http.Request) error {
	return writeText(w, "User-agent: *\nAllow: /$\nDisallow: /\n")
}

// securityContactLasts is how far ahead security.txt says it is valid (RFC 9116 wants less than a year).
const securityContactLasts = 180 * 24 * time.Hour

// securityContact tells who has found a weakness where to write.
func (d *frontdoor) securityContact(w http.ResponseWriter, _ *http.Request) error {
	return writeText(w, fmt.Sprintf("Contact: mailto:%s\nExpires: %s\nPreferred-Languages: nl, en\n",
		d.Municipality.Sender.Address, d.Clock().UTC().Add(securityContactLasts).Format(time.RFC3339)))
}

func writeText(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(w, text)
	return err
}
