package web

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/web/texts"
)

// askedPath is the last part of the address that shows a case's form.
const askedPath = "formulier"

// asking is how the questions of a report were put: the form, and the texts of the desk with the form's own words. A
// case is shown with these, however much later.
type asking struct {
	form    form.Definition
	texts   *Texts
	notKept bool // the form is not there: these are today's questions
}

// forms finds how reports were asked. What it has found it keeps: a form never changes, and there are few.
type forms struct {
	store DeskStore
	texts *Catalog
	today func() (form.Asked, error)

	mu    sync.Mutex
	found map[string]asking // by hash
}

func newForms(d Desk) *forms {
	return &forms{
		store: d.Store, texts: d.Texts, found: map[string]asking{},
		today: sync.OnceValues(func() (form.Asked, error) { return texts.AskedForm(d.Municipality) }),
	}
}

// of returns how a report was asked. Only a form of another release, or of an earlier file of the municipality, is read
// from the store, once.
func (f *forms) of(ctx context.Context, content casework.Content) (asking, error) {
	today, err := f.today()
	if err != nil {
		return asking{}, err
	}
	hash := content.Asked
	if hash == "" {
		hash = today.Hash()
	}
	f.mu.Lock()
	found, ok := f.found[hash]
	f.mu.Unlock()
	if ok {
		return found, nil
	}
	asked, notKept := today, false
	if hash != today.Hash() {
		asked, err = f.store.Form(ctx, hash)
		if notKept = errors.Is(err, casework.ErrNotFound); notKept {
			asked, err = today, nil
		}
		if err != nil {
			return asking{}, err
		}
	}
	texts, err := f.texts.with(map[string]map[string]string{fallback: asked.Texts}).In(fallback)
	if err != nil {
		return asking{}, err
	}
	found = asking{form: asked.Definition, texts: texts, notKept: notKept}
	if !notKept {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.found[hash] = found
	}
	return found, nil
}

// shownElsewhere are the topics that a case shows in a block of its own, besides those of told.what.
func shownElsewhere() []string {
	return []string{
		"helpers", "companion", "invite_how", "companion_contact", "language", "contact_way", "phone", "email", "address",
		"safe_contact", "postcode", "house_number", "no_fixed", "area", "call_name",
	}
}

// topicOf is what a question is about: "children" of children.number too.
func topicOf(q form.Question) string {
	topic, _, _ := strings.Cut(q.Key, ".")
	return topic
}

// others returns a row for each topic that the desk has no place for: the municipality's own questions, what earlier
// releases asked and, of a form that is not kept, what today's form does not ask.
func (t told) others() (rows []SummaryRow, notAsked []string) {
	known := map[string]bool{}
	for _, topic := range slices.Concat(shownElsewhere(), whatTopics()) {
		known[topic] = true
	}
	fields := map[string]bool{}
	for _, p := range t.form.Pages {
		for _, q := range p.Questions {
			for _, field := range q.Fields() {
				fields[field] = true
			}
			topic := topicOf(q)
			if known[topic] {
				continue
			}
			known[topic] = true
			label := t.say("q." + topic + ".short")
			if said, asked := t.lines(topic); asked {
				rows = append(rows, SummaryRow{Key: label, Lines: said})
			} else {
				notAsked = append(notAsked, strings.ToLower(label))
			}
		}
	}
	for _, field := range slices.Sorted(maps.Keys(t.answers)) {
		if !fields[field] {
			rows = append(rows, SummaryRow{Key: field, Lines: t.answers[field]})
		}
	}
	return rows, notAsked
}

// askedPage is a case's form as it was asked, with the answers.
type askedPage struct {
	Frame
	About string
	Pages []askedQuestions
	Back  string
}

// askedQuestions is one page of the form.
type askedQuestions struct {
	Heading   string
	Text      []string
	Questions []askedQuestion
}

// askedQuestion is one question in full.
type askedQuestion struct {
	Title  string
	Hint   string
	Offer  string // the choices there were, "" when it was no choice
	Answer []string
	State  string // instead of an answer: skipped, or not asked
}

// showAsked shows a case's form as it was asked (A12) to who may read the case.
func (d *desk) showAsked(w http.ResponseWriter, r *http.Request, s seat) error {
	ref, err := referenceOf(r)
	if err != nil {
		return err
	}
	o, err := d.openCase(r, s, ref)
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	about := "desk.asked.own"
	if o.asking.notKept {
		about = "desk.asked.today"
	}
	return d.render(w, http.StatusOK, "asked", askedPage{
		Frame: d.frame(v.texts, s, v.texts.T("desk.asked.title", "Number", string(ref)), ""),
		About: v.texts.T(about), Pages: newTold(v, o).asked(), Back: casePath(ref),
	})
}

// asked returns every page of the way that the resident took, in its order.
func (t told) asked() []askedQuestions {
	var pages []askedQuestions
	for _, p := range t.form.Pages {
		if !slices.Contains(p.Paths, t.path) {
			continue
		}
		page := askedQuestions{Heading: t.heading(p), Text: t.paragraphs(p)}
		for _, q := range p.Questions {
			page.Questions = append(page.Questions, t.askedQuestion(p, q))
		}
		pages = append(pages, page)
	}
	return pages
}

func (t told) askedQuestion(p form.Page, q form.Question) askedQuestion {
	asked := askedQuestion{Title: t.questionText(p, q, "title"), Hint: t.questionText(p, q, "hint"), Answer: t.said(p, q)}
	if q.Type == form.People {
		asked.Title, asked.Hint = "", "" // they are the page's heading
	}
	if q.Type == form.Choice || q.Type == form.Multi {
		var options []string
		for _, o := range q.Options {
			options = append(options, t.option(p, q, o))
		}
		asked.Offer = strings.Join(options, " · ")
	}
	put := slices.ContainsFunc(q.Fields(), func(field string) bool { _, ok := t.answers[field]; return ok })
	switch {
	case !put:
		asked.State = t.say("desk.asked.not")
	case len(asked.Answer) == 0:
		asked.State = t.say("desk.asked.skipped")
	}
	return asked
}
