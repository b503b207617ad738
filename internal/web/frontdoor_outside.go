package web

import (
	"slices"

	"voordeur/internal/form"
)

// outside returns what to say to who gave a postcode that none of the municipality's areas serves (D9): where to ask for
// help, as far as the municipality's file knows, and how to go on for who lives or sleeps here all the same. Nothing was
// sent, and the draft stays as it was. It is nil when the postcode is no problem.
func (s wording) outside() *Alert {
	if !slices.ContainsFunc(s.problems, func(p form.Problem) bool { return p.Code == form.CodeOutside }) {
		return nil
	}
	a := &Alert{Heading: s.say("outside.unknown"), Lines: lines(s.say("outside.ask")), Tone: Heed}
	if n, ok := s.municipality.NeighbourOf(s.answers.One("postcode")); ok {
		a.Heading = s.say("outside.known", "Name", n.Name)
		a.Lines = lines(s.say("outside.ask_there"))
		a.Phones = []Phone{{Name: n.Name, Number: n.Number}}
		a.Link = NavLink{Label: s.say("outside.link", "Name", n.Name), URL: n.URL}
	}
	a.Lines = append(a.Lines, lines(s.say("outside.go_on"))...)
	return a
}
