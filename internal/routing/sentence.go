package routing

import "strconv"

// Sentence says the decision in one Dutch sentence for workers, without any answer of the resident. name gives a
// worker's name by id.
func (d Decision) Sentence(name func(workerID string) string) string {
	who := name(d.Winner)
	switch d.Step {
	case StepSafety:
		return "Toegewezen aan " + who + ": dienstdoende volgens het rooster."
	case StepContinuity:
		if d.Former {
			return "Toegewezen aan " + who + ": was bij dit huishouden misschien al eerder regisseur."
		}
		return "Toegewezen aan " + who + ": er loopt misschien al iets bij dit huishouden."
	case StepKnownWorker:
		return "Toegewezen aan " + who + ": de bewoner noemde deze naam."
	case StepRules:
		return "Toegewezen aan " + who + ": " + d.RuleName + d.tieText() + "."
	case StepDiscipline:
		return "Toegewezen aan " + who + ": vakgebied dat hier mag leiden" + d.tieText() + "."
	case StepGeneralist:
		return "Toegewezen aan " + who + ": generalist van " + d.TeamName + d.tieText() + "."
	case StepCoordinator:
		return "Bij coördinator " + who + d.whyEscalated() + "."
	}
	return ""
}

// tieText says what set the lead apart. It names no wish of the resident: language and experience are one text.
func (d Decision) tieText() string {
	switch d.TieBreak {
	case TieNone:
		if len(d.Candidates) > 1 {
			return ", als enige met plek"
		}
		return ""
	case TieLanguage, TieExperience:
		return ", past het best van " + d.compared()
	case TieLoad:
		return ", minst druk van " + d.compared() + " met plek"
	case TieWaited:
		return ", wachtte het langst van " + d.compared()
	case TieHash:
		return ", geloot uit " + d.compared() + " gelijken"
	}
	return ""
}

// compared is how many were left when the step that decided began: the lead and those who lost there.
func (d Decision) compared() string {
	n := 0
	for _, c := range d.Candidates {
		if c.Out == "" || c.Out == Out(d.TieBreak) {
			n++
		}
	}
	words := []string{
		"nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf",
	}
	if n < len(words) {
		return words[n]
	}
	return strconv.Itoa(n)
}

// whyEscalated says why nobody else has the case; nothing when nobody else was asked.
func (d Decision) whyEscalated() string {
	asked := false
	for _, p := range d.Passed {
		switch {
		case p.Step == StepCoordinator: // what was overlooked, no reason
		case p.Why == WhyNoRoom:
			return ": niemand anders heeft plek"
		case p.Why == WhyNoArea:
			return ": de wijk is niet bekend"
		default:
			asked = true
		}
	}
	if asked {
		return ": niemand anders is beschikbaar"
	}
	return ""
}
