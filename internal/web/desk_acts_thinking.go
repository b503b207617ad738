package web

import (
	"context"

	"voordeur/internal/casework"
)

// Thinking along, without becoming the lead.
const (
	actNote   = "notitie"
	actAsk    = "meedenken"
	actAnswer = "antwoord"
	actEndAsk = "meedenken-klaar"

	circleField    = "circle"
	colleagueField = "colleague"
)

func (d *desk) thinkingActs() []act {
	w := d.Work
	return []act{
		{
			name: actNote, kind: casework.EvNoted, reads: true, late: true,
			asks: func(s scene) []blank { return []blank{reason(), s.circle()} },
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.Note(ctx, k, said.One(reasonField), casework.Circle(said.One(circleField)))
			},
		},
		{
			name: actAsk, kind: casework.EvAsked,
			asks: func(s scene) []blank {
				b := choice(colleagueField, s.colleagues(append([]string{s.c.Lead}, s.c.Asked...)...)).must()
				b.list = true
				return []blank{b, reason()}
			},
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.Ask(ctx, k, said.One(colleagueField), said.One(reasonField))
			},
		},
		{name: actAnswer, kind: casework.EvAnswered, away: true, asks: why, do: because(w.Answer)},
		{
			name: actEndAsk, kind: casework.EvAskEnded,
			asks: func(s scene) []blank {
				var asked []Option
				for _, id := range s.c.Asked {
					asked = append(asked, Option{Value: id, Label: s.person(id), Checked: len(s.c.Asked) == 1})
				}
				return []blank{choice(colleagueField, asked).must()}
			},
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.EndAsk(ctx, k, said.One(colleagueField))
			},
		},
	}
}

// circle asks who may read a note: the team unless somebody says otherwise, under a safety flag never the household.
func (s scene) circle() blank {
	circles := []casework.Circle{casework.ForTeam, casework.ForLead, casework.ForHousehold}
	if s.contact.Neutral {
		circles = circles[:2]
	}
	return choice(circleField, valuesOf(s.deskWords, circleField, circles, casework.ForTeam)).must()
}
