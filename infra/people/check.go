package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// check looks at the staff as it would be: what goes wrong today is a fault, what goes wrong later, or where the files
// cannot put it right, a note.
func (p *plan) check() {
	if p.given(workers) {
		p.checkLines()
	}
	if p.given(roster) {
		p.checkDuties()
	}
	if p.given(workers) || p.given(roster) {
		p.checkTeam()
	}
	p.checkPartners()
}

// checkLines holds the lines of the workers against those who are in the store.
func (p *plan) checkLines() {
	var strangers []string
	for _, is := range p.files.people {
		_, known := p.before.Worker(is.ID)
		if !known && is.LeftOn != "" && !is.WorksOn(p.now) {
			p.faults = append(p.faults, is.row.at(colLeftOn, "deze medewerker is al weg en stond er nooit in, haal de regel weg"))
		}
		if known && !strings.EqualFold(p.before.Cards[is.ID].Email, is.card.Email) {
			p.notes = append(p.notes, fmt.Sprintf(newAddress, is.ID))
		}
		if !known {
			strangers = append(strangers, is.ID)
		}
	}
	if len(strangers) > 0 {
		p.notes = append(p.notes, fmt.Sprintf(newPeople, join(strangers)))
	}
	for _, was := range p.before.Workers {
		at := slices.IndexFunc(p.files.people, func(is person) bool { return is.ID == was.ID })
		if at >= 0 {
			continue
		}
		if was.WorksOn(p.now) {
			p.faults = append(p.faults, fault{p.files.sheets[workers].file, 0, "", was.ID + " ontbreekt: zet de regel terug en vul " + colLeftOn + " in"})
		}
		for _, is := range p.files.people {
			if address := p.before.Cards[was.ID].Email; address != "" && strings.EqualFold(address, is.card.Email) {
				p.faults = append(p.faults, is.row.at(colEmail, "dit e-mailadres is van "+was.ID+", gebruik dat id"))
			}
		}
	}
}

// checkDuties wants everybody on the roster to be a worker.
func (p *plan) checkDuties() {
	for _, d := range p.files.duties {
		for _, turn := range turns() {
			id := d.row.cells[turn]
			if _, known := p.after.Worker(id); id != "" && !known {
				p.faults = append(p.faults, d.row.at(turn, "deze medewerker is er niet, vul een id in dat er is"))
			}
		}
	}
}

// checkTeam wants a coordinator, a safeguarding lead and somebody on duty on every day that the office is open: now, and
// on the day when each of those leaves who told so.
func (p *plan) checkTeam() {
	today := p.lacks(p.now)
	for _, lack := range today {
		p.faults = append(p.faults, fault{text: lack})
	}
	for _, day := range p.leavingDays() {
		for _, lack := range p.lacks(day) {
			if note := "Vanaf " + municipality.Local(day).Format("2-1-2006") + ": " + lack + "."; !slices.Contains(today, lack) {
				p.notes = append(p.notes, note)
				today = append(today, lack)
			}
		}
	}
	p.notes = append(p.notes, p.stillOnDuty()...)
	last := p.now
	if days := p.leavingDays(); len(days) > 0 {
		last = days[len(days)-1]
	}
	for _, id := range p.lostRules(last) {
		p.notes = append(p.notes, fmt.Sprintf(lostRule, id))
	}
}

// leavingDays lists the days to come on which somebody leaves, the first one first.
func (p *plan) leavingDays() []time.Time {
	var all []time.Time
	for _, w := range p.after.Workers {
		if w.LeftOn == "" || !w.WorksOn(p.now) {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, w.LeftOn, municipality.Local(p.now).Location())
		if err == nil && !slices.Contains(all, day) {
			all = append(all, day)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// lacks says in Dutch what the staff lacks at a moment.
func (p *plan) lacks(at time.Time) []string {
	var lacks []string
	all := workersOf(p.after, at)
	for _, role := range []struct {
		routing.Role
		word string
	}{{routing.Coordinator, "coördinator"}, {routing.SafeguardingLead, "aandachtsfunctionaris"}} {
		if !slices.ContainsFunc(all, func(w routing.Worker) bool { return w.Active && slices.Contains(w.Roles, role.Role) }) {
			lacks = append(lacks, "er is geen "+role.word+", geef iemand die rol")
		}
	}
	for _, word := range dayWords() {
		day := days()[word]
		_, open := p.municipality.OfficeHours[day]
		if open && !slices.ContainsFunc(all, func(w routing.Worker) bool { return w.Active && slices.Contains(p.after.Roster[day], w.ID) }) {
			lacks = append(lacks, "op "+word+" heeft niemand dienst, vul het rooster aan")
		}
	}
	return lacks
}

// stillOnDuty tells who is on the roster and left; routing passes them over.
func (p *plan) stillOnDuty() []string {
	var notes []string
	for _, w := range p.after.Workers {
		if w.WorksOn(p.now) {
			continue
		}
		for _, word := range dayWords() {
			if slices.Contains(p.after.Roster[days()[word]], w.ID) {
				notes = append(notes, fmt.Sprintf(offDuty, w.ID, word))
			}
		}
	}
	return notes
}

// lostRules lists the rules that point at nobody at a moment.
func (p *plan) lostRules(at time.Time) []string {
	effect, err := routing.DryRun(routing.Trial{
		Municipality: p.municipality, Workers: workersOf(p.after, at), Roster: p.after.Roster, Active: p.municipality.Rules,
	})
	if err != nil { // only an example can fail, and there is none
		return nil
	}
	return effect.ActiveAlarms
}

// checkPartners wants every organisation of the municipality's file to be a partner with the same name: a resident may
// say that it helps already.
func (p *plan) checkPartners() {
	for _, named := range p.municipality.Organisations {
		text := "partner " + named.ID + " ontbreekt, hij staat in het bestand van de gemeente"
		for _, o := range p.after.Organisations {
			if o.ID == named.ID && o.Name == named.Name {
				text = ""
			}
			if o.ID == named.ID && o.Name != named.Name {
				text = "partner " + named.ID + " heet anders in het bestand van de gemeente, maak de namen gelijk"
			}
		}
		switch {
		case text == "":
		case p.given(partners):
			p.faults = append(p.faults, fault{text: text})
		default:
			p.notes = append(p.notes, strings.ToUpper(text[:1])+text[1:]+".")
		}
	}
}
