package example

import (
	"fmt"
	"strings"

	"voordeur/internal/directory"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// duinrand returns Duinrand's nine workers: a smaller place, where nobody but a generalist leads unless a rule says so.
func duinrand() Staff {
	people := []Person{
		generalist("jorrit", "Jorrit Helmer", "duinen", 28, 4, "en"),
		generalist("saar", "Saar van der Duin", "duinen", 24, 4, "tr"),
		generalist("yusuf", "Yusuf Branding", "kust", 32, 6, "ar", "tr"),
		specialist("berend", "Berend Vloedlijn", "kust", "generalist", municipality.Generalist, "en"),
		specialist("nadia", "Nadia Schelpenpad", "duinen", "schuldhulpverlener", municipality.Debt, "ar", "en"),
		specialist("pleun", "Pleun Meeuwis", "kust", "jeugd- en gezinswerker", municipality.Youth, "en"),
		specialist("gijs", "Gijs Zandloper", "kust", "aandachtsfunctionaris", municipality.Youth),
		specialist("tirza", "Tirza Strandloper", "duinen", "dienstdoende", "", "en"),
		specialist("wout", "Wout Vuurbaak", "duinen", "coördinator", "", "en"),
	}
	roles := map[string]routing.Role{"gijs": routing.SafeguardingLead, "wout": routing.Coordinator}
	for i := range people {
		p := &people[i]
		p.Email = strings.Replace(p.Email, mailDomain, "team.duinrand.example", 1)
		p.Phone = fmt.Sprintf("088 000 30%02d", i+1)
		if role, ok := roles[p.ID]; ok {
			p.Worker.Roles = []routing.Role{role}
		}
	}
	return Staff{
		People: people,
		Roster: routing.Roster{
			"monday": {"tirza", "gijs"}, "tuesday": {"tirza", "jorrit"}, "wednesday": {"gijs", "tirza"},
			"thursday": {"tirza", "yusuf"}, "friday": {"gijs", "saar"},
		},
		Organisations: []directory.Organisation{
			{ID: "budgetwinkel-de-schelp", Name: "Budgetwinkel De Schelp", Can: "helpt met geld en papieren", Phone: "088 000 1101"},
			{ID: "woonbedrijf-duinzicht", Name: "Woonbedrijf Duinzicht", Can: "verhuurt woningen", Phone: "088 000 1102"},
			{ID: "welzijn-de-strandjutter", Name: "Welzijn De Strandjutter", Can: "bezoekt mensen die alleen zijn", Phone: "088 000 1103"},
			{ID: "opvoedpunt-zandkasteel", Name: "Opvoedpunt Zandkasteel", Can: "denkt mee over opvoeden", Phone: "088 000 1104"},
			{ID: "praktijk-de-zeewind", Name: "Praktijk De Zeewind", Can: "behandelt psychische klachten", Phone: "088 000 1105"},
		},
	}
}
