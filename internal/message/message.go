// Package message is what Voordeur writes to whom: one type per kind of mail, rendered in the reader's language from
// texts/*.json when it is sent. No mail holds an answer of the resident.
package message

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/municipality"
)

// Mail is one rendered mail. Text and HTML say the same.
type Mail struct {
	Case      casework.Reference
	MessageID string // without angle brackets: Key, "@" and the sender's domain
	To        string // the address alone, never a name
	From      municipality.Sender
	ReplyTo   string // the area team's working address; the sender's for a neutral mail
	Date      time.Time
	Subject   string // neutral, at most MaxSubject
	Text      string // lines end in \n
	HTML      string
}

// MaxSubject is how long a subject may be, in code points.
const MaxSubject = 45

// Cover is what a mail needs besides its letter.
type Cover struct {
	Case     casework.Reference
	ID       string // casework.Message.ID
	To       string // e-mail address
	ReplyTo  string // the area team's working address
	Language string // BCP 47; Dutch when there are no texts in it
	Formal   bool   // Dutch says u
	Now      time.Time
}

// Writer writes the mails of one municipality.
type Writer struct {
	municipality *municipality.Municipality
	catalog      catalog
	templates    func() (templates, error)
}

// NewWriter returns a writer; texts and templates are read when the first mail is written.
func NewWriter(m *municipality.Municipality) *Writer {
	return &Writer{municipality: m, templates: parseTemplates()}
}

// Write writes a letter as a mail.
func (w *Writer) Write(c Cover, l Letter) (Mail, error) {
	texts, err := w.catalog.in(c.Language, c.Formal)
	if err != nil {
		return Mail{}, err
	}
	templates, err := w.templates()
	if err != nil {
		return Mail{}, err
	}
	p, err := compose(l, texts)
	if err != nil {
		return Mail{}, err
	}
	text, html, err := templates.render(p)
	if err != nil {
		return Mail{}, err
	}
	from, replyTo := w.municipality.Sender, c.ReplyTo
	if p.Neutral {
		from.Name, replyTo = w.municipality.Name, from.Address
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	return Mail{
		Case:      c.Case,
		MessageID: Key(w.municipality.ID, c.Case, c.ID) + "@" + domain,
		To:        c.To,
		From:      from,
		ReplyTo:   replyTo,
		Date:      c.Now.UTC(),
		Subject:   p.Subject,
		Text:      text,
		HTML:      html,
	}, nil
}

// Key names a message to mail services: the same for each try, so that a mail that went out twice shows as one, and
// without saying who it is to. 32 hexadecimal characters.
func Key(municipalityID string, ref casework.Reference, id string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "voordeur mail %q %q %q", municipalityID, ref, id))
	return hex.EncodeToString(sum[:16])
}

// Links is where the links in mails lead.
type Links struct {
	Public string // base of the residents' pages, "https://hulp.gemeente.example"
	Desk   string // base of the workers' pages, "https://bureau.gemeente.example/desk/"
}

// CaseLink is a case's page at the desk: an address only, since sign-in is the authority.
func (l Links) CaseLink(ref casework.Reference) string {
	return strings.TrimSuffix(l.Desk, "/") + "/casus/" + string(ref)
}

// AbsenceLink is where a worker says that they are away.
func (l Links) AbsenceLink() string { return strings.TrimSuffix(l.Desk, "/") + "/afwezig" }

// QuarantineLink is the page of the reports that wait for somebody's look.
func (l Links) QuarantineLink() string { return strings.TrimSuffix(l.Desk, "/") + "/nakijken" }

// DutyLink is the page of what whoever is on duty watches over.
func (l Links) DutyLink() string { return strings.TrimSuffix(l.Desk, "/") + "/dienst" }

// OversightLink is the page of a privacy officer.
func (l Links) OversightLink() string { return strings.TrimSuffix(l.Desk, "/") + "/toezicht" }

// AddressLink is the page where a worker confirms their address.
func (l Links) AddressLink() string { return strings.TrimSuffix(l.Desk, "/") + "/mijn-mail" }

// ResidentLink is the resident's own page in a language (BCP 47).
func (l Links) ResidentLink(token, lang string) string {
	page := strings.TrimSuffix(l.Public, "/") + "/mijn/" + token
	if lang == "" || lang == fallback {
		return page
	}
	return page + "?" + url.Values{"taal": {lang}}.Encode()
}
