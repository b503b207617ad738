package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"voordeur/internal/casework"
	"voordeur/internal/routing"
)

const (
	searchPath  = "/desk/zoeken"
	wantedField = "wat"
)

// searchPage is search before create (G7): one box, and one sentence back. It is the same page, to the byte, whoever is
// asked about; only a number that the worker may read leads on.
type searchPage struct {
	Frame
	Search lookFor
	Answer *Alert  // nil: nothing was asked
	Call   []Phone // the coordinators, who know more
	Case   NavLink // the case that was named, for who may read it
	Enter  string  // where a new report is entered, "" when one may be running
}

// lookFor is a form of one box.
type lookFor struct {
	Action string
	Token  string
	Field  Field
	Button string
	Quiet  bool // it is not the page's first act
}

// searchFor is the box for what a worker looks for, with what is wrong with it.
func searchFor(texts *Texts, s seat, typed, problem string) lookFor {
	return lookFor{
		Action: searchPath, Token: s.token(searchPath), Button: texts.T("desk.search.button"), Quiet: true,
		Field: Field{Text: &TextField{
			Ask:  Ask{ID: wantedField, Label: texts.T("desk.search.label"), Hint: texts.T("desk.search.hint"), Error: problem},
			Name: wantedField, Value: typed, Type: "text", Autocomplete: "off", Width: WidthMedium,
		}},
	}
}

func (d *desk) searchPage(v deskWords, s seat) searchPage {
	p := searchPage{Frame: d.frame(v.texts, s, v.texts.T("desk.search.title"), searchPath), Search: searchFor(v.texts, s, "", "")}
	p.Search.Quiet = false
	return p
}

// askSearch shows the box.
func (d *desk) askSearch(w http.ResponseWriter, _ *http.Request, s seat) error {
	v, err := d.words(s)
	if err != nil {
		return err
	}
	return d.render(w, http.StatusOK, "search", d.searchPage(v, s))
}

// search answers what was typed, and keeps it nowhere. That somebody searched is written down before the answer.
func (d *desk) search(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p := d.searchPage(v, s)
	typed := r.PostForm.Get(wantedField)
	wanted, ok := casework.ParseWanted(typed)
	if !ok {
		problem := v.texts.T("desk.search.problem")
		p.Search = searchFor(v.texts, s, typed, problem)
		p.Search.Quiet, p.Problems = false, []ProblemLink{{Field: wantedField, Text: problem}}
		return d.render(w, http.StatusUnprocessableEntity, "search", p)
	}
	var found casework.Found
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() error {
		return d.Store.AuditSearch(ctx, casework.Audit{At: d.Now(), Worker: s.worker.ID, Page: r.Pattern}, casework.SearchesMost)
	})
	g.Go(func() (err error) { found, err = d.Work.Search(ctx, d.Now(), wanted, s.reader()); return err })
	err = g.Wait()
	switch {
	case errors.Is(err, casework.ErrTooMany):
		next := d.Now().Truncate(time.Hour).Add(time.Hour)
		p.Answer = &Alert{Lines: lines(v.texts.T("desk.search.often", "Until", v.moment(next))), Tone: Heed}
		p.Call = v.coordinators()
		return d.render(w, http.StatusTooManyRequests, "search", p)
	case err != nil:
		return err
	}
	if found.Running {
		p.Answer, p.Call = &Alert{Lines: lines(v.texts.T("desk.search.running")), Tone: Heed}, v.coordinators()
	} else {
		p.Answer, p.Enter = &Alert{Lines: lines(v.texts.T("desk.search.nothing")), Tone: Quiet}, entryPath
	}
	if found.Case != "" {
		p.Case = NavLink{Label: v.texts.T("desk.search.open", "Number", string(found.Case)), URL: casePath(found.Case)}
	}
	return d.render(w, http.StatusOK, "search", p)
}

// coordinators are whom to call: the coordinators who are there today, else who stands in for one, else whom the
// municipality named for when coordinators are silent.
func (v deskWords) coordinators() []Phone {
	var there, instead []Phone
	for _, w := range v.people.Workers {
		if !slices.Contains(w.Roles, routing.Coordinator) || !w.WorksOn(v.now) {
			continue
		}
		acts := v.people.ActsFor(w.ID, v.now)
		card := v.people.Cards[acts]
		if _, away := w.AwayUntil(v.now); !away {
			there = append(there, Phone{Name: card.Name, Number: card.Phone})
		} else if acts != w.ID {
			name := v.texts.T("desk.mail.stand_in", "Name", card.Name, "For", v.person(w.ID))
			instead = append(instead, Phone{Name: name, Number: card.Phone})
		}
	}
	switch {
	case len(there) > 0:
		return there
	case len(instead) > 0:
		return instead
	}
	last := v.municipality.LastResort
	return []Phone{{Name: last.Role, Email: last.Address}}
}
