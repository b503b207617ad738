package municipality

import (
	"fmt"
	"slices"
	"time"
)

// meaning checks what fields mean together. A field that is empty or malformed on its own is told by fields.
func meaning(m *Municipality) Faults {
	return slices.Concat(
		languageFaults(m), teamFaults(m), areaFaults(m), organisationFaults(m), termFaults(m), officeFaults(m),
		contrastFaults(m.Theme), ruleFaults(m), deploymentFaults(m.Deployment), neighbourFaults(m), questionFaults(m),
		caseSystemFaults(m),
	)
}

// languageFaults wants Dutch first: it is what a page is in when a resident has not chosen.
func languageFaults(m *Municipality) Faults {
	faults := repeated("languages[%d]", m.Languages)
	if len(m.Languages) > 0 && m.Languages[0] != "nl" {
		faults = append(faults, Fault{"languages[0]", "zet nl vooraan"})
	}
	return faults
}

// organisationFaults keeps apart what the form's question offers besides the organisations.
func organisationFaults(m *Municipality) Faults {
	ids := make([]string, len(m.Organisations))
	var faults Faults
	for i, o := range m.Organisations {
		ids[i] = o.ID
		if slices.Contains([]string{"other", "nobody", unknownOption}, o.ID) {
			faults = append(faults, Fault{fmt.Sprintf("organisations[%d].id", i), o.ID + " is een antwoord van het formulier zelf"})
		}
	}
	return append(faults, repeated("organisations[%d].id", ids)...)
}

func teamFaults(m *Municipality) Faults {
	ids := make([]string, len(m.Teams))
	for i, t := range m.Teams {
		ids[i] = t.ID
	}
	return repeated("teams[%d].id", ids)
}

func areaFaults(m *Municipality) Faults {
	ids := make([]string, len(m.Areas))
	for i, a := range m.Areas {
		ids[i] = a.ID
	}
	faults := repeated("areas[%d].id", ids)
	var before []servedRange
	for i, a := range m.Areas {
		if _, ok := m.team(a.Team); a.Team != "" && !ok {
			faults = append(faults, Fault{fmt.Sprintf("areas[%d].team", i), "team " + a.Team + " bestaat niet"})
		}
		for j, r := range a.Postcodes {
			faults = append(faults, rangeFaults(fmt.Sprintf("areas[%d].postcodes[%d]", i, j), r, before)...)
			before = append(before, servedRange{r, a.ID})
		}
	}
	return faults
}

// servedRange is a range of postcodes and who serves it.
type servedRange struct {
	PostcodeRange
	by string
}

func rangeFaults(place string, r PostcodeRange, before []servedRange) Faults {
	var faults Faults
	if r.From > r.To {
		faults = append(faults, Fault{place, "de eerste postcode is hoger dan de laatste"})
	}
	for _, b := range before {
		if r.From <= b.To && b.From <= r.To {
			faults = append(faults, Fault{place, fmt.Sprintf(
				"%d–%d overlapt met %d–%d van %s", r.From, r.To, b.From, b.To, b.by)})
		}
	}
	return faults
}

// repeated tells ids that an earlier element has too; place has the element's number as its one verb.
func repeated(place string, ids []string) Faults {
	var faults Faults
	for i, id := range ids {
		if id != "" && slices.Contains(ids[:i], id) {
			faults = append(faults, Fault{fmt.Sprintf(place, i), id + " komt al eerder voor"})
		}
	}
	return faults
}

func termFaults(m *Municipality) Faults {
	var faults Faults
	for _, p := range []Priority{P1, P2, P3} {
		terms, ok := m.Terms[p.String()]
		if !ok {
			faults = append(faults, Fault{"terms." + p.String(), "vul dit in"})
			continue
		}
		for _, t := range []struct {
			field string
			term  Term
		}{
			{"first_look", terms.FirstLook},
			{"first_contact", terms.FirstContact},
			{"accept", terms.Accept},
			{"escalated", terms.Escalated},
		} {
			if (t.term.OfficeHours > 0) == (t.term.WorkingDays > 0) {
				faults = append(faults, Fault{
					"terms." + p.String() + "." + t.field,
					"vul office_hours of working_days in, één van de twee, boven 0",
				})
			}
		}
	}
	return faults
}

func officeFaults(m *Municipality) Faults {
	var faults Faults
	for d := range time.Weekday(7) {
		h, ok := m.OfficeHours[Day(d)]
		from, errFrom := time.Parse(clockLayout, h.From)
		to, errTo := time.Parse(clockLayout, h.To)
		if ok && errFrom == nil && errTo == nil && !from.Before(to) {
			faults = append(faults, Fault{"office_hours." + Day(d), "de openingstijd ligt niet voor de sluitingstijd"})
		}
	}
	return append(faults, repeated("closing_days[%d]", m.ClosingDays)...)
}

func ruleFaults(m *Municipality) Faults {
	ids := make([]string, len(m.Rules.Rules))
	var faults Faults
	for i, r := range m.Rules.Rules {
		ids[i] = r.ID
		place := fmt.Sprintf("rules.rules[%d]", i)
		for j, area := range r.When.Areas {
			if _, ok := m.Area(area); !ok {
				faults = append(faults, Fault{fmt.Sprintf("%s.when.areas[%d]", place, j), "wijk " + area + " bestaat niet"})
			}
		}
		faults = append(faults, leadsFaults(m, place+".leads", r.Leads)...)
	}
	return append(repeated("rules.rules[%d].id", ids), faults...)
}

func leadsFaults(m *Municipality, place string, l Leads) Faults {
	toWorker := l.Worker != "" && l.Team == "" && l.Discipline == ""
	toTeam := l.Worker == "" && l.Team != "" && l.Discipline != ""
	if !toWorker && !toTeam {
		return Faults{{place, "vul worker in, of team en discipline samen"}}
	}
	if _, ok := m.team(l.Team); toTeam && !ok {
		return Faults{{place + ".team", "team " + l.Team + " bestaat niet"}}
	}
	return nil
}
