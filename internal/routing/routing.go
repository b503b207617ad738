// Package routing chooses the one lead of a case from facts, rules and workers, and says why.
package routing

import (
	"time"

	"voordeur/internal/municipality"
)

// Facts is all that routing knows of a report: the closed list of domain.md §5. Helpers, companion, give_back,
// going_well, story, name, nationality and sex are not in it, by type.
type Facts struct {
	CaseID      string                  `json:"case_id,omitempty"`
	Reported    time.Time               `json:"reported,omitzero"`
	Area        string                  `json:"area"`
	AgeBand     AgeBand                 `json:"age_band,omitempty"`
	Children    bool                    `json:"children,omitempty"`
	LifeAreas   []municipality.LifeArea `json:"life_areas,omitempty"`
	Main        municipality.LifeArea   `json:"main,omitempty"`
	Priority    municipality.Priority   `json:"priority"`
	Safety      bool                    `json:"safety,omitempty"`
	Language    string                  `json:"language,omitempty"` // BCP 47; "" is not told, or none of those on offer
	Interpreter bool                    `json:"interpreter,omitempty"`
	Experience  bool                    `json:"experience,omitempty"` // wishes an experience worker
	ChildAlone  bool                    `json:"child_alone,omitempty"`
	KnownWorker string                  `json:"known_worker,omitempty"` // worker id, found without doubt
	Match       *Match                  `json:"match,omitempty"`
	Excluded    []string                `json:"excluded,omitempty"` // worker ids: conflict of interest, gave back, asked for another
}

// Match is a case that the report may belong to: one that is open, or that was closed at most six months ago.
type Match struct {
	Case   string `json:"case"`
	Lead   string `json:"lead"`             // worker id; "" while a coordinator has it
	Closed bool   `json:"closed,omitempty"` // its former lead gets the report, which is added to nothing
}

// AgeBand is what routing knows of the resident's age.
type AgeBand string

// The age bands; the empty one is unknown.
const (
	Under12 AgeBand = "0-11"
	Under16 AgeBand = "12-15"
	Under18 AgeBand = "16-17"
	Adult   AgeBand = "18+"
)

// Worker is what routing knows of a worker.
type Worker struct {
	ID           string                    `json:"id"`
	Team         string                    `json:"team"`
	Roles        []Role                    `json:"roles,omitempty"`
	Disciplines  []municipality.Discipline `json:"disciplines,omitempty"`
	Languages    []string                  `json:"languages,omitempty"`
	Active       bool                      `json:"active"`
	LeftOn       string                    `json:"left_on,omitempty"` // "2026-12-01": from that day, Europe/Amsterdam, as if inactive
	Absent       []Absence                 `json:"absent,omitempty"`
	Unconfirmed  bool                      `json:"unconfirmed,omitempty"` // nobody has shown that mail to their address reaches them
	Contracted   int                       `json:"contracted"`            // hours a week
	Reserved     int                       `json:"reserved"`              // neighbourhood hours a week, never filled
	Load         int                       `json:"load"`                  // sum of the weights of open cases led
	Conflicts    []string                  `json:"conflicts,omitempty"`   // trait hashes of households that they must not have
	LastAssigned time.Time                 `json:"last_assigned,omitzero"`
}

// Role is what a worker is besides a worker.
type Role string

// The roles. Routing asks for the first two; a safeguarding lead takes first looks by standing on the roster. Who has one of
// the others stands aside: see Worker.Aside.
const (
	Coordinator      Role = "coordinator"
	ExperienceWorker Role = "experience_worker"
	SafeguardingLead Role = "safeguarding_lead"
	Administrator    Role = "administrator"
	PrivacyOfficer   Role = "privacy_officer"
	Partner          Role = "partner" // works for an organisation that stands by
)

// Absence is a period in which a worker gets no new cases; both days included, Europe/Amsterdam.
type Absence struct {
	From    string `json:"from"` // "2026-12-21"
	To      string `json:"to"`
	StandIn string `json:"stand_in,omitempty"` // worker id: acts for them meanwhile, and leads nothing by it
}

// Step is a step of the order of domain.md §5.
type Step int

// The steps, in order.
const (
	StepSafety      Step = 1
	StepContinuity  Step = 2
	StepKnownWorker Step = 3
	StepRules       Step = 4
	StepDiscipline  Step = 5
	StepGeneralist  Step = 6
	StepCoordinator Step = 7
)

// Inputs is everything Choose decides from.
type Inputs struct {
	Facts        Facts
	Municipality *municipality.Municipality
	Rules        municipality.Rules
	Workers      []Worker
	Roster       Roster
	Now          time.Time
}

// Decision is exactly one lead (or, at step 7, exactly one coordinator), and why. It is kept sealed with the case.
type Decision struct {
	Step       Step                    `json:"step"`
	Rule       string                  `json:"rule,omitempty"`
	RuleName   string                  `json:"rule_name,omitempty"`
	Discipline municipality.Discipline `json:"discipline,omitempty"` // that leads (step 5)
	TeamName   string                  `json:"team_name,omitempty"`  // whose generalists were asked
	Version    string                  `json:"version"`              // of the rule table
	Winner     string                  `json:"winner"`
	Routed     bool                    `json:"routed"` // steps 3–6: room is a condition of the write
	Candidates []Candidate             `json:"candidates"`
	TieBreak   TieBreak                `json:"tie_break"` // the step that decided, TieNone when one was left from the start
	Passed     []Passed                `json:"passed,omitempty"`
	Alarms     []string                `json:"alarms,omitempty"` // ids of rules that point at nobody
	Safety     bool                    `json:"safety,omitempty"`
	Former     bool                    `json:"former,omitempty"` // step 2: the case that matched is closed; nothing runs
	// Standby lists the disciplines that have to do with it and do not lead: suggestions for the lead.
	Standby   []municipality.Discipline `json:"standby,omitempty"`
	FirstLook []string                  `json:"first_look,omitempty"` // for P1: duty workers in line order; without any, a coordinator
	DecidedAt time.Time                 `json:"decided_at"`
}

// TieBreak names the step of the tie-break that left one candidate.
type TieBreak string

// The steps of the tie-break, in order.
const (
	TieNone       TieBreak = "only"
	TieLanguage   TieBreak = "language"
	TieExperience TieBreak = "experience"
	TieLoad       TieBreak = "load"
	TieWaited     TieBreak = "waited"
	TieHash       TieBreak = "hash"
)

// Candidate is one worker of the set and what each step of the tie-break saw.
type Candidate struct {
	Worker     string    `json:"worker"`
	Out        Out       `json:"out,omitempty"`
	Language   bool      `json:"language,omitempty"`
	Experience bool      `json:"experience,omitempty"`
	Load       int       `json:"load"`
	Hours      int       `json:"hours"` // a week, open to cases: what the load is divided by
	Capacity   int       `json:"capacity"`
	Waited     time.Time `json:"waited,omitzero"` // last assigned; zero is never
	Hash       string    `json:"hash,omitempty"`
}

// Out says why a candidate was dropped: one of these, or the step of the tie-break that it lost.
type Out string

// What drops a candidate before the tie-break.
const (
	OutInactive    Out = "inactive"
	OutAbsent      Out = "absent"
	OutExcluded    Out = "excluded"
	OutUnconfirmed Out = "unconfirmed" // the offer's mail might never reach them
	OutNoRoom      Out = "no_room"
	OutLater       Out = "later_in_line" // somebody before them on the duty roster takes it
)

// Passed is a step that yielded nobody, and why. At StepCoordinator it says what was overlooked for want of another.
type Passed struct {
	Step Step   `json:"step"`
	Rule string `json:"rule,omitempty"`
	Why  Why    `json:"why"`
}

// Why says why a step yielded nobody.
type Why string

// The reasons. WhyNoRoom goes before the others: there was somebody, but full.
const (
	WhyNoMatch        Why = "no_match" // no rule meets the facts
	WhyNobody         Why = "nobody"   // the step or rule points at nobody
	WhyNoArea         Why = "no_area"  // no team serves where the resident lives
	WhyNoRoom         Why = "no_room"  // those who are there are full
	WhyAllInactive    Why = "all_inactive"
	WhyAllAbsent      Why = "all_absent"
	WhyAllExcluded    Why = "all_excluded"
	WhyAllUnconfirmed Why = "all_unconfirmed"
	WhyNobodyLeft     Why = "nobody_left" // dropped for several reasons
)
