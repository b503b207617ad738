package web

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// A page that is changed from the check page carries this, so that it comes back there in one step.
const (
	returnField = "terug"
	returnCheck = "controle"
)

// checkPath is the page that shows all answers before they are sent. After a change it says, in changedField, which page
// was changed, whatever was answered there.
const (
	checkPath    = "/controle"
	changedField = "na"
)

// moreField is the name of the button that asks for room for one more person.
const moreField = "more"

// maxSaveTries bounds how often an answer is put on top of what another tab saved meanwhile.
const maxSaveTries = 3

// walk is a draft on its path: the visible pages, in order, and where we are.
type walk struct {
	form     form.Definition
	context  form.Context
	answers  form.Answers
	language string
	pages    []form.Page
}

func (d *frontdoor) walk(draft form.Draft) walk {
	c := form.Context{Municipality: d.Municipality, Path: draft.Path, Today: d.Now()}
	return walk{
		form: d.Form, context: c, answers: draft.Answers, language: draft.Language, pages: d.Form.Visible(draft.Answers, c),
	}
}

// place returns a page's place among the visible ones, counted from 0; -1 when it is not visible.
func (k walk) place(id string) int {
	return slices.IndexFunc(k.pages, func(p form.Page) bool { return p.ID == id })
}

// nearest returns where to go instead of a page that is not visible: the next one that is, or the first.
func (k walk) nearest(id string) string {
	after := slices.IndexFunc(k.form.Pages, func(p form.Page) bool { return p.ID == id }) + 1
	if after > 0 {
		for _, p := range k.form.Pages[after:] {
			if k.place(p.ID) >= 0 {
				return questionPath(p.ID)
			}
		}
		return checkPath
	}
	return questionPath(k.pages[0].ID)
}

// next returns where to go after a page: to the next one or, when it was changed from the check page, back there. A
// change that opens questions which must be answered goes there first, and what it calls for is said there.
func (k walk) next(id string, toCheck bool) string {
	if toCheck {
		changed := url.Values{changedField: {id}}
		if open := k.form.CheckAll(k.answers, k.context); len(open) > 0 {
			changed.Set(returnField, returnCheck)
			return questionPath(open[0].Page) + "?" + changed.Encode()
		}
		return checkPath + "?" + changed.Encode()
	}
	if i := k.place(id); i+1 < len(k.pages) {
		return questionPath(k.pages[i+1].ID)
	}
	return checkPath
}

// before returns the page before one; ok is false for the first.
func (k walk) before(id string) (p form.Page, ok bool) {
	if i := k.place(id); i > 0 {
		return k.pages[i-1], true
	}
	return form.Page{}, false
}

func questionPath(id string) string { return "/vraag/" + url.PathEscape(id) }

func changePath(id string) string {
	return questionPath(id) + "?" + url.Values{returnField: {returnCheck}}.Encode()
}

// questionPage is one page of questions.
type questionPage struct {
	Frame
	Lead    string   // stands above the heading
	Heading string   // "" when the one question is the heading
	Text    []string // paragraphs under it
	Phones  []Phone
	Notice  *Alert // says something about the page before
	Fields  []Field
	Action  string
	Token   string
	Return  string
	Changed string // the page whose change from the check page led here, "" for none
	Next    string // label of the button
	Later   string // address that saves and gives a resume code
	Slow    bool   // may take longer than a form stays open
	More    string // address that answers with room for one more person, "" when there is no room
}

// ask shows a question page. After the report was sent there is nothing to ask any more, and whoever goes back sees no
// answers.
func (d *frontdoor) ask(w http.ResponseWriter, r *http.Request) error {
	v, draft, err := d.open(w, r)
	if err != nil {
		return err
	}
	if v.sent {
		redirect(w, r, receiptPath)
		return nil
	}
	k, id := d.walk(draft), r.PathValue("id")
	if k.place(id) < 0 {
		redirect(w, r, k.nearest(id))
		return nil
	}
	page, err := d.questionPage(k, v, id, askedAt(r.URL.Query()))
	if err != nil {
		return err
	}
	return d.render(w, http.StatusOK, "question", page)
}

// take saves the answers of a question page, or shows it again with what to mend.
func (d *frontdoor) take(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	v, draft, err := d.openToChange(w, r, id)
	if err == nil && v.sent {
		return d.late(w, r, v, d.leftAt(draft, id, r.PostForm))
	}
	for range maxSaveTries {
		if err != nil {
			return err
		}
		var again bool
		if again, err = d.takeInto(w, r, v, draft, id); !again {
			return err
		}
		_, draft, err = d.open(w, r)
	}
	return fmt.Errorf("save draft: %w", casework.ErrConflict)
}

// takeInto puts the answers into a draft. again is true when another tab saved meanwhile: load and try again.
func (d *frontdoor) takeInto(w http.ResponseWriter, r *http.Request, v visit, draft form.Draft, id string) (again bool, err error) {
	before := d.walk(draft)
	p, ok := d.Form.Ask(id, draft.Answers, before.context)
	if !ok {
		redirect(w, r, before.nearest(id))
		return false, nil
	}
	now := askedAt(r.PostForm)
	now.more = r.PostForm.Has(moreField)
	switched := r.PostForm.Has(languageField)
	if switched {
		if draft, err = d.speak(r, v, draft); err != nil {
			return errors.Is(err, casework.ErrConflict), err
		}
		v.language = draft.Language
		d.keep(w, v)
	}
	changed := draft
	changed.Answers = draft.Answers.Merge(p, p.Parse(r.PostForm))
	k := d.walk(changed)
	if !now.more && !switched {
		now.problems = d.Form.Check(p, changed.Answers, k.context)
	}
	if now.more || switched || len(now.problems) > 0 {
		return false, d.askAgain(w, k, v, id, now)
	}
	changed.Answers = d.Form.Clean(changed.Answers, k.context)
	if !maps.EqualFunc(changed.Answers, draft.Answers, slices.Equal[[]string]) {
		err := d.Drafts.Save(r.Context(), v.secret, changed, d.Now())
		if errors.Is(err, casework.ErrConflict) {
			return true, nil
		}
		if err != nil {
			return false, fmt.Errorf("save draft: %w", err)
		}
	}
	redirect(w, r, d.walk(changed).next(id, now.toCheck))
	return false, nil
}

// askAgain shows a page with what was just typed: with a row more, in another language, or with what to mend.
func (d *frontdoor) askAgain(w http.ResponseWriter, k walk, v visit, id string, now asked) error {
	page, err := d.questionPage(k, v, id, now)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if len(now.problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return d.render(w, status, "question", page)
}

// asked is how a page is shown this time.
type asked struct {
	toCheck  bool   // goes back to the check page
	changed  string // the page whose change from the check page led here, "" for none
	more     bool   // with room for one more person
	problems []form.Problem
}

// askedAt reads how a page is shown from its address, or from the fields that repeat it.
func askedAt(values url.Values) asked {
	if values.Get(returnField) != returnCheck {
		return asked{}
	}
	return asked{toCheck: true, changed: values.Get(changedField)}
}

func (d *frontdoor) questionPage(k walk, v visit, id string, now asked) (questionPage, error) {
	texts, err := d.texts(k.language)
	if err != nil {
		return questionPage{}, err
	}
	p, _ := k.form.Ask(id, k.answers, k.context)
	words := wording{texts: texts, answers: k.answers, municipality: d.Municipality, problems: inPlace(now.problems, p)}
	words.hints = map[string]string{"call_today": d.whenCalled(texts, k.context.Today)}
	if now.more {
		words.extra = 1
	}
	step := texts.T("question.step", "N", k.place(id)+1, "Total", len(k.pages))
	page := questionPage{
		Frame:   d.frame(texts, step+": "+words.say(titleKey(p))),
		Heading: words.heading(p),
		Fields:  words.fields(p),
		Action:  questionPath(id),
		Token:   v.secret.FormToken(id),
		Next:    texts.T("question.next"),
		Later:   laterPath(id),
	}
	page.Slow = slices.ContainsFunc(p.Questions, func(q form.Question) bool { return q.Type == form.Story })
	page.Step, page.Problems = step, words.problemLinks()
	page.Languages, page.LanguageForm = d.choices(texts, questionPath(id)), answersForm
	if key := "page." + id + ".lead"; texts.Has(key) {
		page.Lead = texts.T(key)
	}
	page.Text = words.paragraphs(p)
	page.Phones = d.phones(texts, p.Notice)
	page.Back = "/" + languageQuery(texts.Language())
	if previous, ok := k.before(id); ok {
		page.Back = questionPath(previous.ID)
		page.Notice = d.noticeAfter(texts, previous, k)
	}
	if outside := words.outside(); outside != nil {
		page.Notice = outside
	}
	if now.toCheck {
		page.Back, page.Return = checkPath, returnCheck
	}
	if i := k.place(now.changed); i >= 0 && page.Notice == nil {
		page.Notice, page.Changed = d.noticeBack(texts, k.pages[i], k), now.changed
	}
	if page.Notice != nil && page.Notice.Tone == Urgent {
		page.Next = texts.T("question.go_on")
	}
	if row := words.nextRow(p); row != "" {
		page.More = questionPath(id) + "#" + row
	}
	return page, nil
}
