package web

import (
	"errors"
	"net/http"
	"slices"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// entryCheckPage shows what was entered, for whom and by whom, before it is sent.
type entryCheckPage struct {
	Frame
	Alarm   *Alert // what to say now, when somebody may not be safe
	Rows    []SummaryRow
	Updates []string // who gets the updates, and where
	Action  string
	Token   string
	Entry   string
}

func (d *desk) checkEntry(w http.ResponseWriter, _ *http.Request, s seat, e entry) error {
	d.Intake.Prepare() // the last click is next
	if problems := d.entryProblems(s, e); len(problems) > 0 {
		return d.showEntry(w, http.StatusOK, s, e, problems)
	}
	texts, err := d.texts()
	if err != nil {
		return err
	}
	said, err := d.readOut()
	if err != nil {
		return err
	}
	c := d.entryContext(e)
	words := wording{texts: said, answers: d.Intake.Form.Clean(e.draft.Answers, c), municipality: d.Municipality}
	p := entryCheckPage{
		Frame:   d.frame(texts, s, texts.T("desk.entry.check.title"), entryPath),
		Updates: words.updatesLines(d.entryOf(s, e), s),
		Action:  entryCheckPath,
		Token:   s.token(entryCheckPath),
		Entry:   e.token(),
	}
	p.Back = entryFormPath
	for _, page := range d.Intake.Form.Visible(e.draft.Answers, c) {
		rows := words.summary([]form.Page{page})
		for i := range rows {
			rows[i].Change = entryFormPath + "#" + partID(page)
			rows[i].Folded = false // who reads it here typed it
		}
		p.Rows = append(p.Rows, rows...)
	}
	if words.answers.SafetyFlag() {
		p.Alarm = &Alert{
			Heading: texts.T("desk.entry.alarm.title"), Lines: lines(texts.T("desk.entry.alarm.text")),
			Phones: phonesFor(d.Municipality, said, "unsafe"), Tone: Urgent,
		}
	}
	return d.render(w, http.StatusOK, "entry_check", p)
}

// updatesOf is who gets the updates. An intermediary's own address is on their card: nobody types it.
func (d *desk) updatesOf(s seat, e entry) casework.Updates {
	a := e.draft.Answers
	switch to := casework.Recipient(a.One(updatesKey)); to {
	case casework.ToHelper:
		return casework.Updates{To: to, Name: a.One("updates.name"), Email: a.One("updates.email"), Phone: a.One("updates.phone")}
	case casework.ToIntermediary:
		return casework.Updates{To: to, Name: s.card.Name, Email: s.card.Email, Phone: s.card.Phone}
	case casework.ToResident:
	}
	return casework.Updates{To: casework.ToResident}
}

// entryOf is who enters the form, how, who gets the updates, and whether the resident gets the receipt at once.
func (d *desk) entryOf(s seat, e entry) casework.Entry {
	return casework.Entry{
		Worker: s.worker.ID, How: e.how(), Updates: d.updatesOf(s, e), Told: e.draft.Answers.Has(toldKey, "yes"),
	}
}

// updatesLines says who gets the updates, and whether the receipt is given at once.
func (s wording) updatesLines(e casework.Entry, by seat) []string {
	u := e.Updates
	said := []string{s.texts.T("desk.entry.updates." + string(u.To))}
	if u.To == casework.ToHelper {
		said = append(said, u.Name)
		said = append(said, slices.DeleteFunc([]string{u.Email, u.Phone}, func(v string) bool { return v == "" })...)
	}
	if e.Told {
		said = append(said, s.texts.T("desk.entry.told"))
	}
	return append(said, s.texts.T("desk.entry.by", "Name", by.card.Name))
}

// sendEntry turns the entry into a report. Sent again, it gives the same receipt.
func (d *desk) sendEntry(w http.ResponseWriter, r *http.Request, s seat, e entry) error {
	if err := s.sent(r); err != nil {
		return err
	}
	if !e.secret.FormTokenIs(entryPath, r.PostForm.Get(entryField)) {
		return d.say(w, r, s, http.StatusConflict, "desk.entry.another")
	}
	if problems := d.entryProblems(s, e); len(problems) > 0 {
		return d.showEntry(w, http.StatusUnprocessableEntity, s, e, problems)
	}
	draft := e.draft
	if lang := draft.Answers.One("language"); d.mayWriteIn(lang) {
		draft.Language = lang
	}
	today, err := d.forms.today()
	if err != nil {
		return err
	}
	draft.Asked = today.Hash()
	_, err = d.Intake.Enter(r.Context(), d.Now(), e.secret, draft, d.entryOf(s, e))
	if problems, ok := errors.AsType[*casework.ProblemsError](err); ok {
		return d.showEntry(w, http.StatusUnprocessableEntity, s, e, problems.Problems)
	}
	if errors.Is(err, casework.ErrChanged) {
		return d.say(w, r, s, http.StatusConflict, "desk.entry.changed")
	}
	if err != nil {
		return err
	}
	cookie, _, _ := entryCookieOf(r)
	keepEntry(w, cookie, true)
	redirect(w, r, entryDonePath)
	return nil
}

// mayWriteIn says whether mails may be in the language that a resident speaks.
func (d *desk) mayWriteIn(lang string) bool {
	if !slices.Contains(d.Municipality.Languages, lang) {
		return false
	}
	checked, err := d.Texts.Checked(lang)
	return err == nil && checked
}

// entryDonePage is the receipt, to read out or to print for the resident.
type entryDonePage struct {
	Frame
	Number    casework.Reference
	Spelled   string
	Before    string // the promise
	Instead   string // what to say in the place of the promise where nobody can call; "" while somebody can
	WalkIn    municipality.WalkIn
	PlanUntil string
	Updates   []string
	Supporter municipality.Supporter
	Team      municipality.Number
	Another   string // address where the next entry begins
}

// entryDone shows what came of the entry.
func (d *desk) entryDone(w http.ResponseWriter, r *http.Request, s seat, e entry) error {
	report, err := d.Intake.Receipt(r.Context(), e.secret)
	if errors.Is(err, casework.ErrNotFound) {
		redirect(w, r, entryCheckPath) // nothing was sent yet
		return nil
	}
	if err != nil {
		return err
	}
	texts, err := d.texts()
	if err != nil {
		return err
	}
	said, err := d.readOut()
	if err != nil {
		return err
	}
	words := wording{texts: texts, answers: e.draft.Answers, municipality: d.Municipality}
	clean := d.Intake.Form.Clean(e.draft.Answers, d.entryContext(e))
	return d.render(w, http.StatusOK, "entry_done", entryDonePage{
		Frame:     d.frame(texts, s, texts.T("desk.entry.done.title"), entryPath),
		Number:    report.Reference,
		Spelled:   spelled(string(report.Reference)),
		Before:    momentOf(texts, report.ContactBefore),
		Instead:   insteadOfPromise(said, casework.OnlyWay(clean)),
		WalkIn:    d.Municipality.WalkIn,
		PlanUntil: dayOf(texts, report.Received.AddDate(0, 0, ownPlanDays)),
		Updates:   words.updatesLines(d.entryOf(s, e), s),
		Supporter: d.Municipality.Supporter,
		Team:      d.Municipality.Numbers.Team,
		Another:   entryPath,
	})
}
