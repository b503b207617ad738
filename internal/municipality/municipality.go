// Package municipality is one municipality's configuration: areas, teams, terms, office hours, numbers and names,
// read from its file under schemas/municipalities and checked as a whole.
package municipality

import (
	"strconv"
	"strings"
)

// LifeArea is one of the fourteen life areas (leefgebieden) a resident can name.
type LifeArea string

// The life areas, in the order of the form.
const (
	Money     LifeArea = "money"     // geld en schulden
	Housing   LifeArea = "housing"   // wonen
	Work      LifeArea = "work"      // werk, school of dagbesteding
	Home      LifeArea = "home"      // thuis en relaties
	Children  LifeArea = "children"  // kinderen en opvoeden
	Mind      LifeArea = "mind"      // je hoofd: stress, somber, in de war
	Body      LifeArea = "body"      // je lijf en gezondheid
	Addiction LifeArea = "addiction" // alcohol, drugs, gokken of gamen
	Household LifeArea = "household" // het huishouden en voor jezelf zorgen
	People    LifeArea = "people"    // mensen om je heen, eenzaam
	Caring    LifeArea = "caring"    // zorgen voor een ander
	Justice   LifeArea = "justice"   // politie of justitie
	Papers    LifeArea = "papers"    // papieren en formulieren
	Other     LifeArea = "other"     // iets anders
)

// LifeAreas returns the life areas in the order of the form.
func LifeAreas() []LifeArea {
	return []LifeArea{
		Money, Housing, Work, Home, Children, Mind, Body, Addiction, Household, People, Caring, Justice, Papers, Other,
	}
}

// Discipline is a worker's field. Generalist is what a life area without a discipline counts for.
type Discipline string

// The disciplines.
const (
	Generalist   Discipline = "generalist"
	Debt         Discipline = "debt"
	HousingWork  Discipline = "housing"
	Youth        Discipline = "youth"
	MentalHealth Discipline = "mental_health"
)

// Priority is the class of domain.md §3; P1 is the most urgent.
type Priority int

// The priority classes.
const (
	P1 Priority = 1
	P2 Priority = 2
	P3 Priority = 3
)

// String returns "P1", "P2" or "P3".
func (p Priority) String() string {
	return "P" + strconv.Itoa(int(p))
}

// Municipality is one municipality's file. Only Read and Decode make one: the methods count on what Read checked.
type Municipality struct {
	ID      string `json:"id" validate:"required,slug,max=40"`  // stable, lower case; part of every sealing's associated data
	Name    string `json:"name" validate:"required,max=100"`    // as residents know it, "Gemeente" included
	Service string `json:"service" validate:"required,max=100"` // neutral name of the service, "Hulp in de wijk"
	Team    string `json:"team" validate:"required,max=100"`    // what residents know it by, "het wijkteam"

	Languages []string `json:"languages" validate:"min=1,dive,oneof=nl en ar tr uk pl ti so"` // of residents' pages, Dutch first
	Formal    bool     `json:"formal"`                                                        // residents are addressed with "u"

	Areas       []Area                  `json:"areas" validate:"min=1,dive"`
	Teams       []Team                  `json:"teams" validate:"min=1,dive"`
	Disciplines map[LifeArea]Discipline `json:"disciplines" validate:"dive,keys,life_area,endkeys,oneof=debt housing youth mental_health"`
	MayLead     []Discipline            `json:"may_lead" validate:"dive,oneof=debt housing youth mental_health"`

	Organisations []Organisation `json:"organisations" validate:"max=18,dive"`        // that residents may say help them already
	Questions     []Question     `json:"questions,omitempty" validate:"max=9,dive"`   // its own, in the order of the form
	Neighbours    []Neighbour    `json:"neighbours,omitempty" validate:"max=50,dive"` // for residents who live there

	PointsPerHour float64                `json:"points_per_hour" validate:"gt=0,lte=10"`
	Terms         map[string]Terms       `json:"terms" validate:"dive,keys,oneof=P1 P2 P3,endkeys"` // by "P1", "P2", "P3"
	OfficeHours   map[string]OfficeHours `json:"office_hours" validate:"min=1,dive,keys,oneof=monday tuesday wednesday thursday friday saturday,endkeys"`
	ClosingDays   []string               `json:"closing_days" validate:"dive,datetime=2006-01-02"` // "2026-12-24"

	Numbers   Numbers   `json:"numbers"`
	Supporter Supporter `json:"supporter"`
	WalkIn    WalkIn    `json:"walk_in"`
	Sender    Sender    `json:"sender"`

	LastResort LastResort  `json:"last_resort"`
	Until      Until       `json:"until" validate:"oneof=closed handoff"`
	Retention  Retention   `json:"retention"`
	CaseSystem *CaseSystem `json:"case_system,omitempty"` // of UntilHandOff only

	Theme     Theme    `json:"theme"`
	ExitURL   string   `json:"exit_url" validate:"https_url"` // neutral site that "Snel weg" goes to
	WarnWords []string `json:"warn_words" validate:"dive,required,max=100"`
	SeeWords  []string `json:"see_words" validate:"dive,required,max=100"` // stand out for a worker, as the others do
	Rules     Rules    `json:"rules"`

	Deployment Deployment `json:"deployment"`
}

// Area is a part of the municipality that one team serves.
type Area struct {
	ID        string          `json:"id" validate:"required,slug,max=40"`
	Name      string          `json:"name" validate:"required,max=100"`
	Team      string          `json:"team" validate:"required"`
	Postcodes []PostcodeRange `json:"postcodes" validate:"min=1,dive"`
}

// PostcodeRange is a range of postcode digits, both ends included.
type PostcodeRange struct {
	From int `json:"from" validate:"min=1000,max=9999"`
	To   int `json:"to" validate:"min=1000,max=9999"`
}

// Team is a group of workers with an address of its own that replies go to.
type Team struct {
	ID      string `json:"id" validate:"required,slug,max=40"`
	Name    string `json:"name" validate:"required,max=100"`
	ReplyTo string `json:"reply_to" validate:"email,printascii"`
}

// Organisation is one that may help a resident already. Its id is an answer of the form, and the directory's.
type Organisation struct {
	ID   string `json:"id" validate:"required,slug,max=40"`
	Name string `json:"name" validate:"required,max=100"`
}

// Terms says how soon, for one priority class.
type Terms struct {
	FirstLook    Term `json:"first_look"`    // first human look
	FirstContact Term `json:"first_contact"` // first contact with the resident
	Accept       Term `json:"accept"`        // the lead accepts
	Escalated    Term `json:"escalated"`     // the coordinator decides
}

// Term is a length of time: exactly one of its fields is above zero.
type Term struct {
	OfficeHours int `json:"office_hours,omitempty" validate:"min=0,max=99"`
	WorkingDays int `json:"working_days,omitempty" validate:"min=0,max=99"`
}

// OfficeHours are one weekday's opening and closing time, "09:00" and "17:00", Europe/Amsterdam.
type OfficeHours struct {
	From string `json:"from" validate:"datetime=15:04"`
	To   string `json:"to" validate:"datetime=15:04"`
}

// Numbers are the telephone numbers that pages show.
type Numbers struct {
	Team      Number `json:"team"`
	Emergency Number `json:"emergency"` // 112
	Suicide   Number `json:"suicide"`   // 113
	SafeHome  Number `json:"safe_home"` // Veilig Thuis
	Child     Number `json:"child"`     // Kindertelefoon
}

// Number is a telephone number and the day somebody last checked that it works ("2026-11-01").
type Number struct {
	Name      string `json:"name" validate:"required,max=100"`
	Number    string `json:"number" validate:"number_to_call"`
	CheckedOn string `json:"checked_on" validate:"datetime=2006-01-02"`
}

// Supporter is the free, independent client supporter.
type Supporter struct {
	Name   string `json:"name" validate:"required,max=100"`
	Number string `json:"number" validate:"number_to_call"`
}

// WalkIn says where and when a resident can walk in.
type WalkIn struct {
	Place   string `json:"place" validate:"required,max=100"`
	Address string `json:"address" validate:"required,max=100"`
	Hours   string `json:"hours" validate:"required,max=100"`
}

// Sender is who mails come from.
type Sender struct {
	Name    string `json:"name" validate:"required,max=100"`
	Address string `json:"address" validate:"email,printascii"`
}

// LastResort is who hears of what a coordinator is silent about: a role, so that it is never nobody.
type LastResort struct {
	Role    string `json:"role" validate:"required,max=100"`
	Address string `json:"address" validate:"email,printascii"`
}

// Until says how far casework goes here.
type Until string

// How far casework goes.
const (
	UntilClosed  Until = "closed"  // to the end
	UntilHandOff Until = "handoff" // to the inquiry's outcome; then the municipality's own case system takes over
)

// Theme holds the colours that a municipality may set, as #rrggbb.
type Theme struct {
	Primary   string `json:"primary" validate:"rgb"`    // header, links' frame, main button
	OnPrimary string `json:"on_primary" validate:"rgb"` // text on it
	Link      string `json:"link" validate:"rgb"`
	Text      string `json:"text" validate:"rgb"`
	Surface   string `json:"surface" validate:"rgb"`
}

// Rules is the municipality's rule table (routing step 4), in order; the first rule that yields candidates decides.
type Rules struct {
	Version string `json:"version" validate:"required,max=100"`
	Rules   []Rule `json:"rules" validate:"dive"`
}

// Rule sends reports that meet every condition it names to one worker, or to a team's workers of one discipline.
type Rule struct {
	ID    string `json:"id" validate:"required,slug,max=40"`
	Name  string `json:"name" validate:"required,max=100"` // Dutch, shown in the decision sentence
	When  When   `json:"when"`
	Leads Leads  `json:"leads"`
}

// When is what a report must be; an empty list leaves that question open.
type When struct {
	Areas      []string   `json:"areas,omitempty"`
	LifeAreas  []LifeArea `json:"life_areas,omitempty" validate:"dive,life_area"` // the main one
	Priorities []Priority `json:"priorities,omitempty" validate:"dive,min=1,max=3"`
	Languages  []string   `json:"languages,omitempty" validate:"dive,bcp47_language_tag"`
}

// Leads is whom a rule points at.
type Leads struct {
	Worker     string     `json:"worker,omitempty"`
	Team       string     `json:"team,omitempty"`
	Discipline Discipline `json:"discipline,omitempty" validate:"omitempty,oneof=generalist debt housing youth mental_health"`
}

// AreaOf returns the area that serves a postcode, written with or without a space, letters or not; ok is false when
// none does.
func (m *Municipality) AreaOf(postcode string) (area Area, ok bool) {
	digits, ok := postcodeDigits(postcode)
	if !ok {
		return Area{}, false
	}
	for _, a := range m.Areas {
		for _, r := range a.Postcodes {
			if r.From <= digits && digits <= r.To {
				return a, true
			}
		}
	}
	return Area{}, false
}

// postcodeDigits returns the number in "9991 AB", "9991ab" or "9991".
func postcodeDigits(postcode string) (digits int, ok bool) {
	p := strings.Join(strings.Fields(postcode), "")
	if len(p) != len("9991") && len(p) != len("9991AB") {
		return 0, false
	}
	for _, c := range p[:4] {
		if c < '0' || c > '9' {
			return 0, false
		}
		digits = digits*10 + int(c-'0')
	}
	for _, c := range strings.ToUpper(p[4:]) {
		if c < 'A' || c > 'Z' {
			return 0, false
		}
	}
	return digits, true
}

// Area returns the area with an id.
func (m *Municipality) Area(id string) (area Area, ok bool) {
	for _, a := range m.Areas {
		if a.ID == id {
			return a, true
		}
	}
	return Area{}, false
}

// TeamOf returns the team of an area.
func (m *Municipality) TeamOf(areaID string) (team Team, ok bool) {
	a, ok := m.Area(areaID)
	if !ok {
		return Team{}, false
	}
	return m.team(a.Team)
}

func (m *Municipality) team(id string) (team Team, ok bool) {
	for _, t := range m.Teams {
		if t.ID == id {
			return t, true
		}
	}
	return Team{}, false
}

// Organisation returns the organisation with an id.
func (m *Municipality) Organisation(id string) (organisation Organisation, ok bool) {
	for _, o := range m.Organisations {
		if o.ID == id {
			return o, true
		}
	}
	return Organisation{}, false
}

// TermsOf returns the terms of a priority class.
func (m *Municipality) TermsOf(p Priority) Terms {
	return m.Terms[p.String()]
}
