package exampletest

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"voordeur/internal/casework"
)

// Step is one act in the life of a case, as a worker does it on its page at the desk.
type Step struct {
	Who   string             // worker id; "": the lead
	Act   string             // in its address
	Kind  casework.EventKind // what it does, "": what its act always does
	Fill  map[string]string
	Days  map[string]int // date fields: so many days after today
	Later time.Duration  // passes before it
	To    casework.State // where it leads, "" where that does not matter
}

// Fields is what is filled in for the step on a day.
func (s Step) Fields(today time.Time) map[string]string {
	fields := map[string]string{}
	maps.Copy(fields, s.Fill)
	for field, days := range s.Days {
		date := today.AddDate(0, 0, days)
		fields[field+".day"], fields[field+".month"], fields[field+".year"] = date.Format("2"), date.Format("1"), strconv.Itoa(date.Year())
	}
	return fields
}

// Lives are cases of Waterstad in which every act is done once at least; Willem is the coordinator. Each begins when it is
// offered to its lead. The resident can be called and mailed.
func Lives() map[string][]Step {
	const day = 24 * time.Hour
	with := func(pairs ...string) map[string]string {
		fill := map[string]string{}
		for pair := range slices.Chunk(pairs, 2) {
			fill[pair[0]] = pair[1]
		}
		return fill
	}
	in := func(field string, days int) map[string]int { return map[string]int{field: days} }
	because := with("reason", "Dat past beter.")
	tried := func(way string) Step { return Step{Act: "geprobeerd", Fill: with("way", way)} }
	lost := []Step{
		{Act: "aannemen", To: casework.Accepted},
		tried("call"), tried("call"), tried("email"),
		{Act: "geen-contact", To: casework.ContactLost},
	}
	return map[string][]Step{
		"from offer to goodbye": {
			{Act: "aannemen", To: casework.Accepted},
			{Act: "gesproken"},
			{Act: "gesprek", Days: in("date", 1), Fill: with("clock", "14.30", "place", "community"), To: casework.MeetingPlanned},
			{Act: "niet-doorgegaan", Later: 2 * day},
			{Act: "gesprek", Days: in("date", 1), Fill: with("clock", "9 uur", "place", "home")},
			{
				Act: "verslag", Kind: casework.EvMissed, Later: 2 * day, To: casework.MeetingPlanned,
				Fill: with("resident", "helper", "also", "Oma", "agreed.1", "Zoekt de post bij elkaar."),
			},
			{Act: "gesprek", Days: in("date", 1), Fill: with("clock", "9 uur", "place", "home")},
			{Act: "verslag", Later: 2 * day, Fill: with("alone", "yes", "agreed.1", "Belt de school."), To: casework.InInquiry},
			{Act: "plan", Fill: with("goals", "Geen deurwaarder meer.")},
			{Act: "onderzoek-klaar", To: casework.Planning},
			{Act: "start", Days: in("review", 60), To: casework.Active},
			{Act: "evaluatie", Days: in("review", 70), Fill: with("level", "same", "reason", "Het gaat goed.")},
			{Act: "waakvlam", Fill: because, To: casework.PilotLight},
			{Act: "evaluatie", Fill: with("level", "down", "reason", "Rustig.")},
			{Act: "opschalen", Days: in("review", 60), Fill: because, To: casework.Active},
			{Act: "notitie", Fill: with("reason", "Belt maandag terug.")},
			{Act: "afsluiten", Fill: with("outcome", "helped", "reason", "Ze redt het."), To: casework.Closed},
			{Who: "willem", Act: "vasthouden", Fill: with("reason", "Er loopt een klacht.")},
			{Who: "willem", Act: "loslaten", Fill: with("reason", "De klacht is af.")},
			{Act: "heropenen", Fill: because, To: casework.Accepted},
			{Act: "intrekken", Fill: because, To: casework.Withdrawn},
			{Act: "toch-weer", Fill: because, To: casework.Escalated},
			{Who: "willem", Act: "wachtlijst", Days: in("expected", 60), Fill: because, To: casework.Waiting},
			{Who: "willem", Act: "gebeld"},
			{Who: "willem", Act: "plaatsen", Fill: with("lead", "daan", "reason", "Kent de wijk."), To: casework.Assigned},
			{Act: "teruggeven", Fill: because},
		},
		"with colleagues": {
			{Act: "aannemen", To: casework.Accepted},
			{Act: "meedenken", Fill: with("colleague", "willem", "reason", "Wat kan hier?")},
			{Who: "willem", Act: "antwoord", Fill: because},
			{Act: "meedenken", Fill: with("colleague", "willem", "reason", "En nu?")},
			{Act: "meedenken-klaar", Fill: with("colleague", "willem")},
			{Act: "andere-gevraagd", Fill: because},
			{Who: "willem", Act: "niet-wisselen", Fill: because},
			{Act: "overdragen", Fill: with("lead", "willem", "way", "call", "reason", "Met verlof."), To: casework.InHandover},
			{Who: "willem", Act: "overnemen", Days: in("date", 2), Fill: with("clock", "10:15"), To: casework.Accepted},
			{Act: "overdragen", Fill: with("lead", "daan", "way", "call", "reason", "Kent de wijk."), To: casework.InHandover},
			{Act: "overdracht-stoppen", Fill: because, To: casework.Accepted},
			{Act: "overdragen", Fill: with("lead", "mees", "way", "call", "reason", "Kent de wijk."), To: casework.InHandover},
			{Act: "bezwaar", Fill: with("reason", "Ze kent Mees van de voetbal."), To: casework.Accepted},
			{Who: "willem", Act: "andere-regisseur", Fill: with("lead", "daan", "way", "call", "reason", "Op verzoek.")},
			{Act: "verhuisd", Fill: with("area", "zuid")},
			{Who: "willem", Act: "blijft", Fill: because},
			{Who: "willem", Act: "naar-coordinator", Fill: because, To: casework.Escalated},
		},
		"nobody answers": slices.Concat(
			lost, []Step{{Act: "weer-contact", To: casework.Accepted}}, lost[1:],
			[]Step{{Who: "willem", Act: "opgeven", Fill: because, To: casework.Closed}},
		),
	}
}
