package web

import (
	"slices"
	"strings"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// told is what the resident told, for a worker to read: in the words of the form, with what is safe beside each way to
// reach somebody.
type told struct {
	wording
	v       deskWords
	form    form.Definition
	contact casework.Contact
	path    form.Path
	entry   *casework.Entry
	tried   []string // to reach the resident
	nearby  bool     // something runs at this address, and nobody has said yet what it has to do with this
}

func newTold(v deskWords, o opened) told {
	c := o.dossier.Case
	return told{
		wording: wording{texts: o.asking.texts, answers: o.content.Answers, municipality: v.municipality},
		v:       v,
		form:    o.asking.form,
		contact: o.contact,
		path:    o.content.Path,
		entry:   o.content.Entry,
		tried:   v.tries(c),
		nearby:  c.Nearby && c.Proposed == "" && c.Open(),
	}
}

func (t told) say(key string, args ...any) string { return t.texts.T(key, args...) }

// lines returns what was answered to all questions of a topic, "children" for children.number too; asked is false when
// none of them was put to the resident, which is not the same as skipped.
func (t told) lines(topic string) (said []string, asked bool) {
	for _, p := range t.form.Pages {
		if !slices.Contains(p.Paths, t.path) {
			continue
		}
		for _, q := range p.Questions {
			if of, _, _ := strings.Cut(q.Key, "."); of != topic {
				continue
			}
			put := slices.ContainsFunc(q.Fields(), func(field string) bool { _, ok := t.answers[field]; return ok })
			if put {
				asked = true
				said = append(said, t.said(p, q)...)
			}
		}
	}
	return said, asked
}

// rows returns a row for each topic that was asked, and the names of those that were not.
func (t told) rows(topics ...string) (rows []SummaryRow, notAsked []string) {
	for _, topic := range topics {
		label := t.say("desk.told." + topic)
		said, asked := t.lines(topic)
		if !asked {
			notAsked = append(notAsked, strings.ToLower(label))
			continue
		}
		rows = append(rows, SummaryRow{Key: label, Lines: said})
	}
	return rows, notAsked
}

// whatTopics are the topics of what is wrong, the most telling first.
func whatTopics() []string {
	return []string{
		"areas", "area_main", "story", "hard_date", "children", "goal", "safe_now", "basics", "call_today", "hide_from",
		"for_whom", "birth_year", "orgs_now", "known_worker", "open_report", "place", "moment", "access_needs", "experience",
		"going_well", "give_back",
	}
}

// what is what is wrong, and in one row each what the resident skipped and was not asked. What was skipped of safety has a
// row of its own.
func (t told) what() []SummaryRow {
	rows, notAsked := t.rows(whatTopics()...)
	t.highlight(rows)
	more, moreNotAsked := t.others()
	var safety, skipped []string
	for _, topic := range []string{"safe_now", "basics", "call_today", "hide_from"} {
		safety = append(safety, t.say("desk.told."+topic))
	}
	rows = slices.DeleteFunc(append(rows, more...), func(r SummaryRow) bool {
		silent := len(r.Lines) == 0 && !slices.Contains(safety, r.Key)
		if silent {
			skipped = append(skipped, strings.ToLower(r.Key))
		}
		return silent
	})
	for _, rest := range []struct {
		key    string
		topics []string
	}{{"desk.told.skipped", skipped}, {"desk.told.not_asked", append(notAsked, moreNotAsked...)}} {
		if len(rest.topics) > 0 {
			rows = append(rows, SummaryRow{Key: t.say(rest.key), Lines: []string{strings.Join(rest.topics, ", ")}})
		}
	}
	return rows
}

// highlight has words of the story stand out (D7), and says which they are for who does not see it.
func (t told) highlight(rows []SummaryRow) {
	i := slices.IndexFunc(rows, func(r SummaryRow) bool { return r.Key == t.say("desk.told.story") && len(r.Lines) > 0 })
	if i < 0 {
		return
	}
	parts := form.Highlight(strings.Join(rows[i].Lines, "\n"), t.municipality)
	var words []string
	for _, p := range parts {
		if said := strings.ToLower(strings.Join(strings.Fields(p.Text), " ")); p.Stands && !slices.Contains(words, said) {
			words = append(words, said)
		}
	}
	if len(words) > 0 {
		rows[i].Parts, rows[i].Note = parts, t.say("desk.told.stands_out", "Words", strings.Join(words, ", "))
	}
}

// warnings are what a worker must know before anything else.
func (t told) warnings() []Alert {
	var alerts []Alert
	if t.contact.Neutral {
		alerts = append(alerts, Alert{
			Heading: t.say("desk.warn.safety.title"), Lines: append(lines(t.say("desk.warn.safety.text")), t.safeLine()), Tone: Urgent,
		})
	}
	if t.nearby {
		alerts = append(alerts, t.nearbyAlert())
	}
	if t.answers.ChildAlone(t.v.now) {
		alerts = append(alerts, Alert{Heading: t.say("desk.warn.child.title"), Lines: lines(t.say("desk.warn.child.text")), Tone: Urgent})
	}
	if t.contact.ForOther {
		alerts = append(alerts, Alert{Heading: t.say("desk.warn.other.title"), Lines: lines(t.say("desk.warn.other.text")), Tone: Heed})
	}
	return alerts
}

// nearbyAlert says that something runs at this address, never which case: somebody there may be the danger.
func (t told) nearbyAlert() Alert {
	alert := Alert{Heading: t.say("desk.warn.nearby.title"), Tone: Heed}
	if t.contact.Neutral {
		alert.Lines, alert.Tone = lines(t.say("desk.warn.nearby.apart")), Urgent
	}
	return alert
}

// safeLine says which ways are safe, and when.
func (t told) safeLine() string {
	var safe []string
	for _, ch := range t.contact.Channels {
		if ch.Safe {
			safe = append(safe, strings.ToLower(t.say("desk.way."+string(ch.Way))))
		}
	}
	switch {
	case len(safe) == 0:
		return t.say("desk.warn.safety.none")
	case t.contact.When == "":
		return t.say("desk.warn.safety.ways", "Ways", strings.Join(safe, ", "))
	}
	return t.say("desk.warn.safety.ways_when", "Ways", strings.Join(safe, ", "), "When", t.contact.When)
}

// contactWay is one way to reach somebody; what is safe stands beside it wherever it is shown (T01).
type contactWay struct {
	Label string
	Value string
	Link  scheme // "" for a way that must not be used, or that cannot be clicked
	Safe  Badge
	When  string // when it is safe, in the resident's words
}

// scheme is how a link reaches somebody.
type scheme string

// The schemes.
const (
	schemeTel    scheme = "tel"
	schemeSMS    scheme = "sms"
	schemeMailto scheme = "mailto"
)

func (t told) safe(ok bool) Badge {
	if ok {
		return Badge{Text: t.say("desk.safe.yes"), Tone: Good}
	}
	return Badge{Text: t.say("desk.safe.no"), Tone: Urgent}
}

// way is one way to reach somebody; a link only when it is safe.
func (t told) way(label, value string, safe bool, link scheme) contactWay {
	way := contactWay{Label: label, Value: value, Safe: t.safe(safe)}
	if safe && value != "" {
		way.Link, way.When = link, t.contact.When
	}
	return way
}

// reach is how to reach somebody, and what else to know before doing so.
type reach struct {
	Ways []contactWay
	Rows []SummaryRow
}

func (t told) contactIs() string {
	if t.contact.ForOther {
		return t.say("desk.case.contact.other")
	}
	return t.say("desk.case.contact.self")
}

// reachResident is how the resident can be reached.
func (t told) reachResident() reach {
	rows, _ := t.rows("language")
	rows = append(rows, t.v.enteredRows(t.entry)...)
	if t.contact.When != "" {
		rows = append(rows, SummaryRow{Key: t.say("desk.told.when"), Lines: []string{t.contact.When}})
	}
	key := "desk.told.message.skipped"
	if t.contact.LeaveMessage != "" {
		key = "desk.told.message." + t.contact.LeaveMessage
	}
	rows = append(rows, SummaryRow{Key: t.say("desk.told.message"), Lines: []string{t.say(key)}})
	if len(t.tried) > 0 {
		rows = append(rows, SummaryRow{Key: t.say("desk.told.tried"), Lines: t.tried})
	}
	return reach{Ways: t.ways(), Rows: rows}
}

// ways is each way to the resident, the safe ones first, with the address at the end.
func (t told) ways() []contactWay {
	links := map[casework.Way]scheme{casework.ByCall: schemeTel, casework.ByText: schemeSMS, casework.ByEmail: schemeMailto}
	var ways, unsafe []contactWay
	for _, ch := range t.contact.Channels {
		way := t.way(t.say("desk.way."+string(ch.Way)), ch.Value, ch.Safe, links[ch.Way])
		if ch.Safe {
			ways = append(ways, way)
		} else {
			unsafe = append(unsafe, way)
		}
	}
	ways = append(ways, unsafe...)
	if t.contact.Postcode == "" {
		return ways
	}
	home := contactWay{
		Label: t.say("desk.way.home"), Value: strings.TrimSpace(t.contact.Postcode + " " + t.contact.HouseNumber),
		Safe: Badge{Text: t.say("desk.safe.appointment"), Tone: Heed},
	}
	if t.contact.Neutral {
		home.Safe = t.safe(false)
	}
	return append(ways, home)
}

// helpers is who could help, in the block above what is wrong (G2), and how to reach who comes along.
func (t told) helpers() reach {
	var h reach
	h.Rows, _ = t.rows("helpers", "companion", "invite_how")
	for i, row := range h.Rows {
		if len(row.Lines) > 1 { // the names say more than the choice that goes with them
			h.Rows[i].Lines = t.named(row.Lines)
		}
	}
	may := t.answers.Has("companion_contact.knows", "yes") && t.answers.Has("invite_how", "you") && !t.contact.Neutral
	for _, part := range []struct {
		key, label string
		link       scheme
	}{{"phone", "desk.way.companion_call", schemeTel}, {"email", "desk.way.companion_email", schemeMailto}} {
		if value := t.answers.One("companion_contact." + part.key); value != "" {
			way := t.way(t.say(part.label), value, may, part.link)
			way.When = "" // those are the resident's own hours
			h.Ways = append(h.Ways, way)
		}
	}
	note := "desk.helpers.ask"
	switch {
	case t.contact.Neutral:
		note = "desk.helpers.never"
	case len(t.answers.People("helpers"))+len(t.answers.People("companion")) == 0:
		note = "desk.helpers.none"
	case may:
		note = "desk.helpers.may"
	}
	h.Rows = append(h.Rows, SummaryRow{Key: t.say("desk.told.note"), Lines: lines(t.say(note))})
	return h
}

// named leaves out the choices that only say that somebody was named.
func (t told) named(said []string) []string {
	choices := []string{
		t.say("q.helpers.choice.option.named"), t.say("q.companion.option.helper"), t.say("q.companion.option.other"),
	}
	return slices.DeleteFunc(said, func(line string) bool { return slices.Contains(choices, line) })
}
