// Package example is the fictional staff of the example municipalities, for this machine and for tests. Nobody in it
// exists; nothing real is ever committed.
package example

import (
	"fmt"

	"voordeur/internal/directory"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
	"voordeur/schemas"
)

// Person is one example worker.
type Person struct {
	directory.Card
	Worker routing.Worker
}

// Staff is who works in a municipality, and with whom.
type Staff struct {
	People        []Person
	Roster        routing.Roster
	Organisations []directory.Organisation // those of the municipality's file, in its order
}

// Of returns the example staff of a municipality by its id; only Waterstad and Duinrand have people of their own.
func Of(municipalityID string) (Staff, error) {
	switch municipalityID {
	case "waterstad":
		return Staff{People: People(), Roster: Roster(), Organisations: Organisations()}, nil
	case "duinrand":
		return duinrand(), nil
	}
	data, err := schemas.Municipality(municipalityID)
	if err != nil {
		return Staff{}, fmt.Errorf("there are no example workers for another municipality than those in schemas/municipalities: %w", err)
	}
	m, err := municipality.Decode(data)
	if err != nil {
		return Staff{}, err
	}
	return StandIns(m), nil
}

// StandIns are for a municipality that has no example workers: one generalist in each team, a coordinator and a
// safeguarding lead, so that whoever writes its file sees its pages before there is an account.
func StandIns(m *municipality.Municipality) Staff {
	first := m.Teams[0].ID
	s := Staff{
		People: []Person{
			specialist("coordinator", "Coördinator Voorbeeld", first, "coördinator", ""),
			specialist("aandacht", "Aandachtsfunctionaris Voorbeeld", first, "aandachtsfunctionaris", municipality.Youth),
		},
		Roster: routing.Roster{},
	}
	s.People[0].Worker.Roles = []routing.Role{routing.Coordinator}
	s.People[1].Worker.Roles = []routing.Role{routing.SafeguardingLead}
	for _, team := range m.Teams {
		s.People = append(s.People, generalist("generalist-"+team.ID, "Generalist "+team.Name, team.ID, 28, 4))
	}
	for i := range s.People {
		s.People[i].Email = s.People[i].ID + "@team." + m.ID + ".example"
		s.People[i].Phone = fmt.Sprintf("088 000 40%02d", i+1)
	}
	for day := range m.OfficeHours {
		s.Roster[day] = []string{"aandacht", "coordinator"}
	}
	for i, o := range m.Organisations {
		s.Organisations = append(s.Organisations, directory.Organisation{
			ID: o.ID, Name: o.Name, Can: "helpt mee als het nodig is", Phone: fmt.Sprintf("088 000 41%02d", i+1),
		})
	}
	return s
}

// People returns Waterstad's fifteen workers. The last three take no cases.
func People() []Person {
	people := []Person{
		generalist("fenna", "Fenna Bakboord", "noord", 28, 4, "en"),
		generalist("daan", "Daan Stuurman", "noord", 24, 4, "tr"),
		generalist("samira", "Samira Zeilmaker", "midden-zuid", 32, 6, "ar", "en"),
		generalist("lotte", "Lotte van der Sloot", "midden-zuid", 24, 4, "pl"),
		specialist("emre", "Emre Ankerman", "noord", "schuldhulpverlener", municipality.Debt, "tr"),
		specialist("noor", "Noor Vissers", "midden-zuid", "jeugd- en gezinswerker", municipality.Youth, "ar"),
		specialist("ruben", "Ruben Duinker", "midden-zuid", "sociaalpsychiatrisch verpleegkundige", municipality.MentalHealth, "en"),
		specialist("aylin", "Aylin Polder", "noord", "woonconsulent", municipality.HousingWork, "tr", "en"),
		specialist("mees", "Mees Oeverloper", "midden-zuid", "ervaringswerker", municipality.Generalist),
		specialist("hanna", "Hanna Vuurtoren", "midden-zuid", "aandachtsfunctionaris", municipality.Youth, "en"),
		specialist("ilse", "Ilse d'Haven", "noord", "dienstdoende", "", "en"),
		specialist("willem", "Willem Sluiswachter", "midden-zuid", "coördinator", "", "en"),
		specialist("bas", "Bas Zandbank", "midden-zuid", "functioneel beheerder", ""),
		specialist("iris", "Iris Kijkduin", "midden-zuid", "privacyfunctionaris", ""),
		specialist("joost", "Joost Kademuur", "noord", "taalcoach", ""),
	}
	roles := map[string]routing.Role{
		"mees": routing.ExperienceWorker, "hanna": routing.SafeguardingLead, "willem": routing.Coordinator,
		"bas": routing.Administrator, "iris": routing.PrivacyOfficer, "joost": routing.Partner,
	}
	for i := range people {
		p := &people[i]
		p.Phone = fmt.Sprintf("088 000 20%02d", i+1)
		if role, ok := roles[p.ID]; ok {
			p.Worker.Roles = []routing.Role{role}
		}
	}
	return people
}

// Roster returns who is on duty in Waterstad by weekday, first in line first.
func Roster() routing.Roster {
	return routing.Roster{
		"monday":    {"ilse", "hanna", "fenna"},
		"tuesday":   {"ilse", "hanna", "samira"},
		"wednesday": {"hanna", "ilse", "lotte"},
		"thursday":  {"ilse", "hanna", "daan"},
		"friday":    {"hanna", "ilse", "fenna"},
	}
}

// Organisations returns the eight partners that can stand by in Waterstad.
func Organisations() []directory.Organisation {
	return []directory.Organisation{
		{ID: "de-schuldkade", Name: "De Schuldkade", Can: "helpt met schulden en een budgetplan", Phone: "088 000 1001"},
		{ID: "woonstichting-het-anker", Name: "Woonstichting Het Anker", Can: "verhuurt woningen en voorkomt huisuitzetting", Phone: "088 000 1002"},
		{ID: "ggz-de-luwte", Name: "GGZ De Luwte", Can: "behandelt psychische klachten", Phone: "088 000 1003"},
		{ID: "jeugdhulp-de-steiger", Name: "Jeugdhulp De Steiger", Can: "begeleidt kinderen en ouders", Phone: "088 000 1004"},
		{ID: "verslavingszorg-de-brug", Name: "Verslavingszorg De Brug", Can: "helpt bij stoppen of minderen", Phone: "088 000 1005"},
		{ID: "taalhuis-waterstad", Name: "Taalhuis Waterstad", Can: "geeft taalles en helpt met formulieren", Phone: "088 000 1006"},
		{ID: "mantelzorgpunt", Name: "Mantelzorgpunt Waterstad", Can: "steunt wie voor een ander zorgt", Phone: "088 000 1007"},
		{ID: "buurthuis-de-kombuis", Name: "Buurthuis De Kombuis", Can: "eettafel, naaiclub en buurtvaders", Phone: "088 000 1008"},
	}
}

const mailDomain = "wijkteam.waterstad.example"

func generalist(id, name, team string, contracted, reserved int, languages ...string) Person {
	return person(id, name, team, "generalist", municipality.Generalist, contracted, reserved, languages)
}

func specialist(id, name, team, function string, d municipality.Discipline, languages ...string) Person {
	return person(id, name, team, function, d, 24, 8, languages)
}

func person(id, name, team, function string, d municipality.Discipline, contracted, reserved int, languages []string) Person {
	p := Person{
		Card: directory.Card{
			ID: id, Name: name, Email: id + "@" + mailDomain, Function: function,
		},
		Worker: routing.Worker{
			ID: id, Team: team, Languages: append([]string{"nl"}, languages...),
			Active: true, Contracted: contracted, Reserved: reserved,
		},
	}
	if d != "" {
		p.Worker.Disciplines = []municipality.Discipline{d}
	}
	return p
}
