package web

import (
	"cmp"
	"net/http"
	"slices"

	"voordeur/internal/casework"
	"voordeur/internal/routing"
)

func (d *desk) askPlace(w http.ResponseWriter, r *http.Request, s seat) error {
	return d.ask(w, r, s, actPlace, func(v deskWords, c casework.Case) error {
		return d.showPlace(w, http.StatusOK, v, s, c, d.caseAct(v, s, c, actPlace), placing{})
	})
}

// placing is what a coordinator filled in, and what to mend about it.
type placing struct {
	lead, reason               string
	leadProblem, reasonProblem string
}

func (d *desk) showPlace(w http.ResponseWriter, status int, v deskWords, s seat, c casework.Case, act caseAct, p placing) error {
	choose := Field{Select: &SelectField{
		Ask: Ask{
			ID: leadField, Label: v.texts.T("desk.place.lead.label"), Hint: v.texts.T("desk.place.lead.hint"), Error: p.leadProblem,
		},
		Name: leadField, Options: v.leads(c, p.lead),
	}}
	return d.render(w, status, "act", d.actPage(v, s, c, act, "desk.place", choose, v.reasonField("desk.place.reason", p.reason, p.reasonProblem)))
}

// place gives a case from the queue to a worker.
func (d *desk) place(w http.ResponseWriter, r *http.Request, s seat) error {
	a, err := d.sentActOf(r, s)
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p := placing{lead: r.PostForm.Get(leadField), reason: a.reason, reasonProblem: v.reasonProblem(a.reason)}
	if lead, _ := v.people.Worker(p.lead); !lead.TakesCases(d.Now()) {
		p.leadProblem = v.texts.T("desk.place.lead.required")
	}
	if p.leadProblem != "" || p.reasonProblem != "" {
		c, err := d.may(r.Context(), s, a.Case)
		if err != nil {
			return err
		}
		return d.showPlace(w, http.StatusUnprocessableEntity, v, s, c, d.resent(v, s, c, a, actPlace), p)
	}
	if err := d.Work.Place(r.Context(), a.Click, p.lead, p.reason); err != nil {
		return err
	}
	redirect(w, r, deskPath+"?gedaan="+actPlace)
	return nil
}

// leads lists the workers that a case can be placed with: who has room first, the area's own team before others.
func (v deskWords) leads(c casework.Case, chosen string) []Option {
	team, _ := v.municipality.TeamOf(c.Area)
	workers := slices.DeleteFunc(slices.Clone(v.people.Workers), func(w routing.Worker) bool { return !w.TakesCases(v.now) })
	elsewhere := func(w routing.Worker) int {
		if w.Team == team.ID {
			return 0
		}
		return 1
	}
	slices.SortFunc(workers, func(a, b routing.Worker) int {
		return cmp.Or(
			cmp.Compare(v.room(a, c), v.room(b, c)), cmp.Compare(elsewhere(a), elsewhere(b)),
			cmp.Compare(v.people.Cards[a.ID].Name, v.people.Cards[b.ID].Name),
		)
	})
	options := make([]Option, 0, len(workers))
	for _, w := range workers {
		card := v.people.Cards[w.ID]
		options = append(options, Option{
			Value: w.ID, Checked: w.ID == chosen,
			Label: v.texts.T("desk.place.option", "Name", card.Name, "Function", card.Function, "Room", v.texts.T(v.room(w, c).key())),
		})
	}
	return options
}

// room says whether a worker can take a case, who can first.
type room int

const (
	roomFree room = iota
	roomFull
	roomGaveBack
	roomAbsent
)

// key is the key of the room's words.
func (r room) key() string {
	return [...]string{
		"desk.place.room.free", "desk.place.room.full", "desk.place.room.gave_back", "desk.place.room.absent",
	}[r]
}

func (v deskWords) room(w routing.Worker, c casework.Case) room {
	_, away := w.AwayUntil(v.now)
	switch {
	case away:
		return roomAbsent
	case slices.Contains(c.GaveBack, w.ID):
		return roomGaveBack
	case w.Load+c.Weight > w.Capacity(v.municipality.PointsPerHour):
		return roomFull
	}
	return roomFree
}
