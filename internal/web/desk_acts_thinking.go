package web

import (
	"context"
	"slices"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/routing"
)

// Thinking along, without becoming the lead.
const (
	actNote   = "notitie"
	actAsk    = "meedenken"
	actAnswer = "antwoord"
	actEndAsk = "meedenken-klaar"

	circleField    = "circle"
	whomField      = "whom"
	colleagueField = "colleague"
	basisField     = "basis"
	toldField      = "told"
)

func (d *desk) thinkingActs() []act {
	w := d.Work
	return []act{
		{
			name: actNote, kind: casework.EvNoted, reads: true, late: true,
			asks: func(s scene) []blank { return append([]blank{reason()}, s.circle()...) },
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.Note(ctx, k, said.One(reasonField), said.note())
			},
		},
		{
			name: actAsk, kind: casework.EvAsked,
			asks: func(s scene) []blank {
				b := choice(colleagueField, s.thinkers(append([]string{s.c.Lead}, s.c.Asked...)...)).must()
				b.list = true
				return []blank{b, reason(), s.basis(casework.Bases(), casework.OnTask), ticked(toldField)}
			},
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.Ask(ctx, k, casework.Asking{
					Of: said.One(colleagueField), Question: said.One(reasonField),
					Basis: casework.Basis(said.One(basisField)), Told: said.Has(toldField, "yes"),
				})
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

// circle asks who may read a note: the team unless somebody says otherwise, and of the household those who are named. Under
// a safety flag that is nobody.
func (s scene) circle() []blank {
	circles := []casework.Circle{casework.ForTeam, casework.ForLead}
	if s.contact.Neutral {
		return []blank{choice(circleField, valuesOf(s.deskWords, circleField, circles, casework.ForTeam)).must()}
	}
	whom := typing(whomField, form.Line)
	whom.Required = &form.Condition{Key: circleField, In: []string{string(casework.ForHousehold)}}
	return []blank{
		choice(circleField, valuesOf(s.deskWords, circleField, append(circles, casework.ForHousehold), casework.ForTeam)).must(), whom,
	}
}

// note is whom the note is for.
func (f filled) note() casework.Note {
	n := casework.Note{For: casework.Circle(f.One(circleField))}
	if n.For == casework.ForHousehold {
		n.Whom = f.One(whomField)
	}
	return n
}

// thinkers lists who may think along, but for some: colleagues, and then who works for a partner.
func (s scene) thinkers(without ...string) []Option {
	options := s.colleagues(without...)
	for _, w := range s.people.Workers {
		if w.Aside() == routing.Partner && w.WorksOn(s.now) && !slices.Contains(without, w.ID) {
			card := s.people.Cards[w.ID]
			options = append(options, Option{Value: w.ID, Label: s.texts.T("desk.thinker.partner", "Name", card.Name, "Function", card.Function)})
		}
	}
	return options
}

// basis asks why a case may be shared (N2); preset is the usual answer, "" for none.
func (s scene) basis(bases []casework.Basis, preset casework.Basis) blank {
	return choice(basisField, valuesOf(s.deskWords, basisField, bases, preset)).must()
}
