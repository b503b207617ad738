package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/dynamo"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// plan is what the files would change.
type plan struct {
	municipality  *municipality.Municipality
	now           time.Time
	files         loaded
	before, after dynamo.Staff
	changes       []change
	faults        faults
	notes         []string // Dutch: what to think of, though it keeps nothing from being done
}

// change is one line of a file, or one thing of the staff, that is not as it was.
type change struct {
	kind    kind
	what    what
	id      string   // of a worker or partner, or the Dutch day
	line    int      // 0 when no line has it
	columns []string // that differ
	cases   int      // open cases of a worker who leaves
	today   bool     // the worker who leaves has no access any more
}

// what happens to somebody or something.
type what string

// What may happen.
const (
	isNew   what = "nieuw"
	differs what = "veranderd"
	leaves  what = "vertrekt"
	isGone  what = "weg"
)

// newPlan compares the files with the store as of now.
func newPlan(ctx context.Context, m *municipality.Municipality, store *dynamo.Store, files loaded, now time.Time) (*plan, error) {
	before, err := store.Staff(ctx)
	if err != nil {
		return nil, err
	}
	p := &plan{municipality: m, now: now, files: files, before: before, after: before, faults: files.faults}
	if p.given(workers) {
		if err := p.people(ctx, store); err != nil {
			return nil, err
		}
	}
	if p.given(roster) {
		p.roster()
	}
	if p.given(partners) {
		p.partners()
	}
	p.check()
	p.faults.sort()
	return p, nil
}

func (p *plan) given(k kind) bool { _, ok := p.files.sheets[k]; return ok }

// people takes the workers over. Load, last assignment, absence and conflicts are not the file's, and SaveStaff leaves
// them alone.
func (p *plan) people(ctx context.Context, store *dynamo.Store) error {
	p.after.Workers, p.after.Cards = nil, maps.Clone(p.before.Cards)
	for _, is := range p.files.people {
		c := change{kind: workers, what: isNew, id: is.ID, line: is.row.line}
		was, known := p.before.Worker(is.ID)
		is.Unconfirmed = !known || was.Unconfirmed || !strings.EqualFold(p.before.Cards[is.ID].Email, is.card.Email)
		if known {
			c.what, c.columns = differs, differences(p.before.Cards[is.ID], was, is.card, is.Worker)
		}
		p.after.Workers, p.after.Cards[is.ID] = append(p.after.Workers, is.Worker), is.card
		if known && len(c.columns) == 0 {
			continue
		}
		if known && is.LeftOn != "" && slices.Contains(c.columns, colLeftOn) {
			n, err := store.OpenCases(ctx, is.ID)
			if err != nil {
				return err
			}
			c.what, c.cases, c.today = leaves, n, !is.WorksOn(p.now)
		}
		p.changes = append(p.changes, c)
	}
	for _, was := range p.before.Workers {
		if _, listed := p.after.Worker(was.ID); !listed {
			p.after.Workers = append(p.after.Workers, was)
		}
	}
	return nil
}

// differences names the columns in which a worker is not as before.
func differences(oldCard directory.Card, old routing.Worker, card directory.Card, w routing.Worker) []string {
	var columns []string
	for _, c := range []struct {
		name string
		same bool
	}{
		{colName, oldCard.Name == card.Name},
		{colEmail, oldCard.Email == card.Email},
		{colPhone, oldCard.Phone == card.Phone},
		{colFunction, oldCard.Function == card.Function},
		{colTeam, old.Team == w.Team},
		{colRoles, slices.Equal(old.Roles, w.Roles)},
		{colDisciplines, slices.Equal(old.Disciplines, w.Disciplines)},
		{colLanguages, slices.Equal(old.Languages, w.Languages)},
		{colHours, old.Contracted == w.Contracted},
		{colReserved, old.Reserved == w.Reserved},
		{colLeftOn, old.LeftOn == w.LeftOn && old.Active == w.Active},
	} {
		if !c.same {
			columns = append(columns, c.name)
		}
	}
	return columns
}

// roster takes the duty roster over, as a whole.
func (p *plan) roster() {
	p.after.Roster = routing.Roster{}
	lines := map[string]int{}
	for _, d := range p.files.duties {
		p.after.Roster[d.day], lines[d.day] = d.ids, d.row.line
	}
	for _, word := range dayWords() {
		day := days()[word]
		if !slices.Equal(p.before.Roster[day], p.after.Roster[day]) {
			p.changes = append(p.changes, change{kind: roster, what: differs, id: word, line: lines[day]})
		}
	}
}

// dayWords lists the days of the week in Dutch.
func dayWords() []string {
	return []string{"maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"}
}

// partners takes the partners over, as a whole: who is not in the file is a partner no more.
func (p *plan) partners() {
	p.after.Organisations = nil
	was := map[string]directory.Organisation{}
	for _, o := range p.before.Organisations {
		was[o.ID] = o
	}
	for _, is := range p.files.partners {
		p.after.Organisations = append(p.after.Organisations, is.Organisation)
		c := change{kind: partners, what: differs, id: is.ID, line: is.row.line}
		old, known := was[is.ID]
		delete(was, is.ID)
		switch {
		case !known:
			c.what = isNew
		case old == is.Organisation:
			continue
		}
		for _, column := range []struct {
			name string
			same bool
		}{{colName, old.Name == is.Name}, {colCan, old.Can == is.Can}, {colPhone, old.Phone == is.Phone}} {
			if known && !column.same {
				c.columns = append(c.columns, column.name)
			}
		}
		p.changes = append(p.changes, c)
	}
	for _, id := range slices.Sorted(maps.Keys(was)) {
		p.changes = append(p.changes, change{kind: partners, what: isGone, id: id})
	}
}

// apply changes the store. It does nothing when nothing differs.
func (p *plan) apply(ctx context.Context, store *dynamo.Store, out io.Writer) error {
	if len(p.changes) > 0 {
		err := store.SaveStaff(ctx, p.before, p.after)
		if errors.Is(err, casework.ErrConflict) {
			return errors.New(overtaken)
		}
		if err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(out, done)
	return err
}

// workersOf returns copies of the workers, active as they are at a moment.
func workersOf(staff dynamo.Staff, at time.Time) []routing.Worker {
	all := slices.Clone(staff.Workers)
	for i := range all {
		all[i].Active = all[i].WorksOn(at)
	}
	return all
}

// join lists ids or columns.
func join(words []string) string { return strings.Join(words, ", ") }
