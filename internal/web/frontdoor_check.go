package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// helpersNamed is the choice that only says "those above"; they stand there themselves.
const helpersNamed = "named"

// checkToken is the page that the check page's form token is for.
const checkToken = "controle"

// privacyLines is how many lines the privacy notice above the send button has.
const privacyLines = 8

// checkPage shows all answers before they are sent.
type checkPage struct {
	Frame
	Missing []missing
	Notice  *Alert
	Rows    []SummaryRow
	Privacy []string
	Team    string
	Action  string
	Later   string // address that gives a resume code
	Token   string
}

// missing is what must be mended before sending, and where.
type missing struct{ Text, URL string }

// check shows the check page, until the report was sent.
func (d *frontdoor) check(w http.ResponseWriter, r *http.Request) error {
	d.Intake.Prepare() // the last click is next
	v, draft, err := d.open(w, r)
	if err != nil {
		return err
	}
	if v.sent {
		redirect(w, r, receiptPath)
		return nil
	}
	k := d.walk(draft)
	return d.showCheck(w, http.StatusOK, v, k, r.URL.Query().Get(changedField), k.form.CheckAll(k.answers, k.context))
}

// showCheck shows all answers. What a worrying one calls for is said only to who comes back from changing it: said to
// everybody who looks, it would tell what the folded answers hold.
func (d *frontdoor) showCheck(w http.ResponseWriter, status int, v visit, k walk, changed string, problems []form.Problem) error {
	texts, err := d.texts(k.language)
	if err != nil {
		return err
	}
	words := wording{texts: texts, answers: k.answers, municipality: d.Municipality, problems: problems}
	title := texts.T("check.title")
	if len(problems) > 0 {
		title = texts.T("frame.error") + " " + title
	}
	page := checkPage{
		Frame:  d.frame(texts, title),
		Rows:   words.summary(k.pages),
		Team:   d.Municipality.Team,
		Action: checkPath,
		Later:  laterPath(checkToken),
		Token:  v.secret.FormToken(checkToken),
	}
	if i := k.place(changed); i >= 0 {
		page.Notice = d.noticeBack(texts, k.pages[i], k)
	}
	page.Back = questionPath(k.pages[len(k.pages)-1].ID)
	page.Languages, page.LanguageForm = d.choices(texts, checkPath), answersForm
	for _, p := range problems {
		page.Missing = append(page.Missing, missing{Text: words.problemText(p), URL: changePath(p.Page) + "#" + p.Field})
	}
	for n := range privacyLines {
		page.Privacy = append(page.Privacy, texts.T("check.privacy."+strconv.Itoa(n+1), "Municipality", d.Municipality.Name))
	}
	return d.render(w, status, "check", page)
}

// summary returns all answers, a row for each question; what belongs to one question stands in one row.
func (s wording) summary(pages []form.Page) []SummaryRow {
	var rows []SummaryRow
	last := ""
	for _, p := range pages {
		for _, q := range p.Questions {
			said := s.said(p, q)
			if q.Type == form.Confirm && len(said) == 0 {
				continue
			}
			if topic, _, _ := strings.Cut(q.Key, "."); topic != last {
				rows = append(rows, SummaryRow{Key: s.say("q." + topic + ".short"), Change: changePath(p.ID), Folded: q.Folded})
				last = topic
			}
			row := &rows[len(rows)-1]
			row.Lines = append(row.Lines, said...)
		}
	}
	return rows
}

// said returns an answer as lines, none when the question was skipped.
func (s wording) said(p form.Page, q form.Question) []string {
	var said []string
	switch q.Type {
	case form.Choice, form.Multi, form.PickHelps:
		for _, o := range s.answers[q.Key] {
			if o != "" && o != helpersNamed {
				said = append(said, s.option(p, q, o))
			}
		}
	case form.People:
		for _, person := range s.answers.People(q.Key) {
			line := s.person(q.Key, person)
			if person.With != "" && person.With != line {
				line += ": " + person.With
			}
			said = append(said, line)
		}
	case form.Date:
		if date, ok := s.answers.Date(q.Key); ok {
			said = append(said, dateOf(s.texts, date))
		}
	case form.Confirm:
		if s.answers.Has(q.Key, "yes") {
			said = append(said, s.questionText(p, q, "title"))
		}
	case form.Short, form.Name, form.Line, form.Story, form.Email, form.Phone, form.Postcode, form.Number, form.Year:
		said = lines(s.answers.One(q.Key))
	}
	if key := "q." + q.Key + ".line"; s.texts.Has(key) {
		for i, line := range said {
			said[i] = s.say(key, "Answer", line)
		}
	}
	return said
}

// send turns the draft into a report. Sent again, it gives the same receipt. With a language button it only changes
// the language.
func (d *frontdoor) send(w http.ResponseWriter, r *http.Request) error {
	d.Intake.Prepare() // the check page was shown by another instance, or long ago
	v, draft, err := d.openToChange(w, r, checkToken)
	if err != nil {
		return err
	}
	if r.PostForm.Has(languageField) {
		if _, err := d.speak(r, v, draft); err != nil && !errors.Is(err, casework.ErrConflict) {
			return err
		}
		redirect(w, r, checkPath) // after a conflict with another tab too: the button is still there
		return nil
	}
	if draft.Asked, err = d.askedAs(); err != nil {
		return err
	}
	draft.Begun.Trapped = r.PostForm.Get(trapField) != ""
	receipt, err := d.Intake.Submit(r.Context(), d.Now(), v.secret, draft)
	if problems, ok := errors.AsType[*casework.ProblemsError](err); ok {
		return d.showCheck(w, http.StatusUnprocessableEntity, v, d.walk(draft), "", problems.Problems)
	}
	if errors.Is(err, casework.ErrChanged) {
		return d.showChanged(w, d.walk(draft), receipt.Reference)
	}
	if err != nil {
		return err
	}
	v.sent = true
	d.keep(w, v)
	redirect(w, r, receiptPath)
	return nil
}

// changedPage says that a report was sent before, with other answers. It keeps the new ones in sight.
type changedPage struct {
	Frame
	Reference string
	Number    string
	Receipt   string
	Rows      []SummaryRow
}

func (d *frontdoor) showChanged(w http.ResponseWriter, k walk, earlier casework.Reference) error {
	texts, err := d.texts(k.language)
	if err != nil {
		return err
	}
	words := wording{texts: texts, answers: k.answers, municipality: d.Municipality}
	page := changedPage{
		Frame:     d.frame(texts, texts.T("changed.title")),
		Reference: string(earlier),
		Number:    d.Municipality.Numbers.Team.Number,
		Receipt:   receiptPath,
		Rows:      words.summary(k.pages),
	}
	for i := range page.Rows {
		page.Rows[i].Change = ""
	}
	return d.render(w, http.StatusConflict, "changed", page)
}

// late answers a tab that stayed open while another sent the report: what was typed there is shown, kept nowhere and not
// sent.
func (d *frontdoor) late(w http.ResponseWriter, r *http.Request, v visit, draft form.Draft) error {
	report, err := d.Intake.Receipt(r.Context(), v.secret)
	if err != nil {
		return fmt.Errorf("receipt of what was sent: %w", err)
	}
	return d.showChanged(w, d.walk(draft), report.Reference)
}
