package web

import (
	"net/http"
	"strings"

	"golang.org/x/sync/errgroup"

	"voordeur/internal/casework"
	"voordeur/internal/message"
)

// actTell is the page of a receipt by hand, and what is sent from it.
const actTell = "bevestiging"

// toldByField is the way in which the resident got the receipt.
const toldByField = "way"

// tellPage is the receipt of a resident without e-mail: the text to print or to copy, and a button for each way that is
// safe.
type tellPage struct {
	Frame
	Name     string
	Number   casework.Reference
	Do       string
	CameBack bool // a mail was sent, and did not arrive
	Warnings []Alert
	Ways     []SummaryRow
	Letter   *handText // nil when no letter is safe
	Short    *handText // for a text or to say, nil when neither is safe
	Act      caseAct
	Buttons  []Option // a way each
}

// handText is a text in the resident's language.
type handText struct {
	Lines     []string
	Lang, Dir string
}

func handTextOf(s message.Sheet) *handText {
	return &handText{Lines: lines(strings.TrimSpace(s.Text)), Lang: s.Language, Dir: s.Dir}
}

// askTell shows the receipt, after the audit row.
func (d *desk) askTell(w http.ResponseWriter, r *http.Request, s seat) error {
	ref, err := referenceOf(r)
	if err != nil {
		return err
	}
	var c casework.Case
	var report casework.Report
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() (err error) { c, err = d.may(ctx, s, ref); return err })
	g.Go(func() (err error) { report, _, err = d.Store.Report(ctx, ref); return err })
	if err := g.Wait(); err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	if !d.can(v, actTell, s, c) || r.PathValue("reference") != string(ref) {
		redirect(w, r, casePath(ref))
		return nil
	}
	if err := d.auditReading(r, s, c); err != nil {
		return err
	}
	contact, err := casework.OpenJSON[casework.Contact](r.Context(), d.Work.Opener, casework.ForContact, ref, report.Contact)
	if err != nil {
		return err
	}
	letter, short, err := d.writer.ByHand(report, contact)
	if err != nil {
		return err
	}
	p := d.tellPage(v, s, c, contact)
	for _, way := range contact.ByHand() {
		p.Buttons = append(p.Buttons, Option{Value: string(way), Label: v.texts.T("desk.tell.by." + string(way))})
		switch way {
		case casework.ByLetter:
			p.Letter = handTextOf(letter)
		case casework.ByText, casework.ByCall, casework.ByVisit:
			p.Short = handTextOf(short)
		case casework.ByEmail, casework.ByNoWay:
		}
	}
	return d.render(w, http.StatusOK, "tell", p)
}

func (d *desk) tellPage(v deskWords, s seat, c casework.Case, contact casework.Contact) tellPage {
	t := told{wording: wording{texts: v.texts, municipality: v.municipality}, v: v, contact: contact}
	p := tellPage{
		Frame: d.frame(v.texts, s, v.texts.T("desk.tell.title"), ""), Name: contact.CallName, Number: c.ID,
		Warnings: t.warnings(), Ways: t.wayRows(), Act: d.caseAct(v, s, c, actTell), CameBack: contact.UpdatesEmail() != "",
	}
	p.Back = casePath(c.ID)
	if due, ok := c.Deadline(casework.DueReceipt); ok {
		p.Do = v.texts.T("desk.tell.do", "Name", v.person(due.Owner), "Until", v.before(due.At))
	}
	return p
}

// tell records in which way the resident got the receipt.
func (d *desk) tell(w http.ResponseWriter, r *http.Request, s seat) error {
	k, err := d.clickOf(r, s)
	if err != nil {
		return err
	}
	if err := d.Work.Told(r.Context(), k, casework.Way(r.PostForm.Get(toldByField))); err != nil {
		return err
	}
	redirect(w, r, casePath(k.Case)+"?gedaan="+actTell)
	return nil
}
