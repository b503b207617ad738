package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

const (
	receiptPath = "/ontvangen"
	// ownPlanDays is how long a resident has for an own plan, counted from the report (Wmo 2015 art. 2.3.2).
	ownPlanDays = 7
)

// receiptPage says what was received, who does what by when, and what may be done meanwhile.
type receiptPage struct {
	Frame
	Received  string // "zaterdag 21 november, 23.06 uur"
	Reference string // "K7M-4RT-9XC"
	Spelled   string // "K 7 M, 4 R T, 9 X C", to be read aloud
	Before    string // of the promise: "vrijdag 27 november, 17.00 uur"
	Promise   string // somebody gets in touch
	Promised  string // before when
	PlanUntil string // "zaterdag 28 november"
	Looks     string // who looks at it now that the promise was broken, "" while it holds; on the own page
	Instead   string // what is said in the place of the promise where nobody can call; "" while somebody can
	Own       string // address of the resident's own page, "" when there is none
	Team      string
	Number    municipality.Number
	WalkIn    municipality.WalkIn
	Supporter municipality.Supporter
}

// receipt shows what came of the draft that the cookie opens.
func (d *frontdoor) receipt(w http.ResponseWriter, r *http.Request) error {
	v, ok := d.visitOf(r)
	if !ok {
		return errNoDraft
	}
	report, err := d.Intake.Receipt(r.Context(), v.secret)
	if errors.Is(err, casework.ErrNotFound) {
		v.sent = false
		d.keep(w, v)
		redirect(w, r, checkPath) // nothing was sent yet
		return nil
	}
	if err != nil {
		return err
	}
	texts, err := d.textsKept(r)
	if err != nil {
		return err
	}
	page := d.receiptPage(texts, report.Receipt, "receipt.title")
	answers, err := d.answersSent(r.Context(), v.secret)
	if err != nil {
		return err
	}
	page.Instead = insteadOfPromise(texts, casework.OnlyWay(answers))
	page.Languages = d.choices(texts, receiptPath)
	if report.LinkID != "" {
		page.Own = "/mijn/" + v.secret.LinkToken().String() + languageQuery(texts.Language())
	}
	v.sent, v.language = true, texts.Language()
	d.keep(w, v)
	return d.render(w, http.StatusOK, "receipt", page)
}

// insteadOfPromise is what to say to who can be reached in this way only; "" when somebody can call.
func insteadOfPromise(texts *Texts, only casework.Way) string {
	switch only { //nolint:exhaustive // any other is a way to call or write
	case casework.ByVisit:
		return texts.T("receipt.visit")
	case casework.ByNoWay:
		return texts.T("receipt.quiet")
	}
	return ""
}

// answersSent returns what was answered in the draft of a receipt, nothing when the draft is gone.
func (d *frontdoor) answersSent(ctx context.Context, secret casework.Secret) (form.Answers, error) {
	draft, err := d.Drafts.Load(ctx, secret, d.Now())
	if err != nil && !errors.Is(err, casework.ErrNotFound) {
		return nil, fmt.Errorf("load draft of the receipt: %w", err)
	}
	return draft.Answers, nil
}

func (d *frontdoor) receiptPage(texts *Texts, receipt casework.Receipt, title string) receiptPage {
	m, before := d.Municipality, momentOf(texts, receipt.ContactBefore)
	return receiptPage{
		Frame:     d.frame(texts, texts.T(title)),
		Received:  momentOf(texts, receipt.Received),
		Reference: string(receipt.Reference),
		Spelled:   spelled(string(receipt.Reference)),
		Before:    before,
		Promise:   texts.T("receipt.promise"),
		Promised:  texts.T("receipt.before", "Before", before),
		PlanUntil: dayOf(texts, receipt.Received.AddDate(0, 0, ownPlanDays)),
		Team:      m.Team,
		Number:    m.Numbers.Team,
		WalkIn:    m.WalkIn,
		Supporter: m.Supporter,
	}
}

// spelled sets the characters of a reference or a code apart, so that it can be read aloud.
func spelled(number string) string {
	var groups []string
	for group := range strings.SplitSeq(number, "-") {
		groups = append(groups, strings.Join(strings.Split(group, ""), " "))
	}
	return strings.Join(groups, ", ")
}
