package web

import (
	"cmp"
	"context"
	"slices"

	"voordeur/internal/casework"
	"voordeur/internal/routing"
)

// Finding the one lead: offers, the coordinator's queue, the waiting list, and reports that may belong together.
const (
	actAccept   = "aannemen"
	actGiveBack = "teruggeven"
	actLooked   = "gezien"
	actPlace    = "plaatsen"
	actWaitlist = "wachtlijst"
	actCalled   = "gebeld"
	actMerge    = "toevoegen"
	actApart    = "apart"
	actUnmerge  = "losmaken"

	conflictField = "conflict"
	leadField     = "lead"
	expectedField = "expected"
)

// waitsAtMost is how many months ahead a lead may be expected, and a meeting planned.
const waitsAtMost = 12

func (d *desk) findingActs() []act {
	w := d.Work
	return []act{
		{name: actAccept, kind: casework.EvAccepted, do: clicked(w.Accept)},
		{
			name: actGiveBack, kind: casework.EvGivenBack, away: true,
			asks: func(scene) []blank { return []blank{reason(), ticked(conflictField)} },
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.GiveBack(ctx, k, said.One(reasonField), said.Has(conflictField, "yes"))
			},
		},
		{
			name: actPlace, kind: casework.EvPlaced, away: true,
			asks: func(s scene) []blank { return []blank{s.newLead(), reason()} },
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.Place(ctx, k, said.One(leadField), said.One(reasonField))
			},
		},
		{
			name: actWaitlist, kind: casework.EvWaitlisted,
			asks: func(scene) []blank { return []blank{day(expectedField, waitsAtMost).must(), reason()} },
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.Waitlist(ctx, k, said.moment(expectedField, ""), said.One(reasonField))
			},
		},
		{name: actCalled, kind: casework.EvCalled, do: clicked(w.Called)},
		{name: actLooked, kind: casework.EvLooked, do: clicked(w.Looked)},
		{name: actMerge, kind: casework.EvMerged, do: clicked(w.Merge)},
		{name: actApart, kind: casework.EvApart, away: true, do: clicked(w.Apart)},
		{name: actUnmerge, kind: casework.EvUnmerged, asks: why, do: because(w.Unmerge)},
	}
}

// newLead asks for a colleague who can lead the case: who has room first, the area's own team before others.
func (s scene) newLead() blank {
	b := choice(leadField, s.colleagues(s.c.Lead)).must()
	b.list = true
	return b
}

// colleagues lists who works here, but for some.
func (s scene) colleagues(without ...string) []Option {
	c := s.c
	team, _ := s.municipality.TeamOf(c.Area)
	workers := slices.DeleteFunc(slices.Clone(s.people.Workers), func(w routing.Worker) bool {
		return !w.TakesCases(s.now) || slices.Contains(without, w.ID)
	})
	elsewhere := func(w routing.Worker) int {
		if w.Team == team.ID {
			return 0
		}
		return 1
	}
	slices.SortFunc(workers, func(a, b routing.Worker) int {
		return cmp.Or(
			cmp.Compare(s.room(a, c), s.room(b, c)), cmp.Compare(elsewhere(a), elsewhere(b)),
			cmp.Compare(s.people.Cards[a.ID].Name, s.people.Cards[b.ID].Name),
		)
	})
	options := make([]Option, 0, len(workers))
	for _, w := range workers {
		card := s.people.Cards[w.ID]
		options = append(options, Option{
			Value: w.ID,
			Label: s.texts.T("desk.place.option", "Name", card.Name, "Function", card.Function, "Room", s.texts.T(s.room(w, c).key())),
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
	roomUnconfirmed
	roomAbsent
)

// key is the key of the room's words.
func (r room) key() string {
	return [...]string{
		"desk.place.room.free", "desk.place.room.full", "desk.place.room.gave_back",
		"desk.place.room.unconfirmed", "desk.place.room.absent",
	}[r]
}

func (v deskWords) room(w routing.Worker, c casework.Case) room {
	_, away := w.AwayUntil(v.now)
	switch {
	case away:
		return roomAbsent
	case w.Unconfirmed:
		return roomUnconfirmed
	case slices.Contains(c.GaveBack, w.ID):
		return roomGaveBack
	case w.Load+c.Weight > w.Capacity(v.municipality.PointsPerHour):
		return roomFull
	}
	return roomFree
}
