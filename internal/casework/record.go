package casework

import (
	"time"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// What an event keeps sealed besides a reason: Event.Record holds one of these, by the event's kind.

// MeetingPlan is a meeting as it was planned (EvPlanned).
type MeetingPlan struct {
	At    time.Time `json:"at"`
	Place Place     `json:"place"`
	Where string    `json:"where,omitempty"` // in words
	Comes []string  `json:"comes,omitempty"` // besides resident and lead: helpers, companions, a client supporter
}

// Place is the kind of place that people meet in, as the form's place question has them.
type Place string

// The places.
const (
	AtHome         Place = "home"
	CommunityHouse Place = "community"
	Outside        Place = "outside"
	ByPhone        Place = "phone"
	ByVideo        Place = "video"
)

// Places lists the places, in the order of the form.
func Places() []Place { return []Place{AtHome, CommunityHouse, Outside, ByPhone, ByVideo} }

// MeetingReport is what came of a meeting (EvMet), also of one that only a helper came to (EvMissed).
type MeetingReport struct {
	Came       []string    `json:"came,omitempty"`      // of who was expected
	Also       []string    `json:"also,omitempty"`      // whom nobody announced
	Companion  bool        `json:"companion,omitempty"` // somebody of the resident's own network came
	Absent     bool        `json:"absent,omitempty"`    // the resident did not come
	Alone      bool        `json:"alone,omitempty"`     // resident and lead also spoke with nobody else there
	AloneNote  string      `json:"alone_note,omitempty"`
	Agreements []Agreement `json:"agreements,omitempty"`
	OwnPlan    bool        `json:"own_plan,omitempty"` // the resident has a plan of their own
	Next       MeetingPlan `json:"next,omitzero"`      // the meeting that was agreed on there, if any
}

// Agreement is who does what by when; the resident's network comes first.
type Agreement struct {
	Who  string `json:"who"`
	What string `json:"what"`
	When string `json:"when,omitempty"` // in words
}

// Plan is the household's one-page plan (EvPlanWritten).
type Plan struct {
	Goals      []string    `json:"goals"`
	Agreements []Agreement `json:"agreements"`       // the network's first
	Limits     string      `json:"limits,omitempty"` // what helpers said that they cannot do
	LeadHours  string      `json:"lead_hours,omitempty"`
	LeadUntil  string      `json:"lead_until,omitempty"` // "2027-03-01": when the lead's own part ends
}

// Review is a step up, a step down, or neither (EvStarted, EvReviewed, EvDimmed, EvSteppedUp). Its reason stands beside
// it.
type Review struct {
	Level Level     `json:"level"`
	Next  time.Time `json:"next"`
}

// Level says how much help there is after a review.
type Level string

// The levels.
const (
	StepUp   Level = "up"
	Same     Level = "same"
	StepDown Level = "down"
)

// Relocation is what changed that routing decides from (EvMoved); "" and nil are as before.
type Relocation struct {
	Area      string                  `json:"area,omitempty"`
	LifeAreas []municipality.LifeArea `json:"life_areas,omitempty"`
	Main      municipality.LifeArea   `json:"main,omitempty"`
}

// Share says what else there is to say of a case that was opened to somebody (EvAsked, EvHandoverBegun, EvReassigned,
// EvGlassBroken; N2). What for is the event's reason; to whom and by whom the event says itself.
type Share struct {
	Basis Basis `json:"basis"`
	What  Scope `json:"what"`
	Told  bool  `json:"told"` // the resident knows
}

// holds says whether a case may be shared with a colleague on this basis: with a partner not on the team's own task, and
// with consent only when the resident knows.
func (s Share) holds(with routing.Worker) bool {
	switch s.Basis {
	case OnTask:
		return with.Aside() != routing.Partner
	case OnConsent:
		return s.Told
	case OnVital, OnLaw:
		return true
	}
	return false
}

// Bases lists the bases, the usual one first.
func Bases() []Basis { return []Basis{OnTask, OnConsent, OnVital, OnLaw} }

// Basis is why something may be shared. Consent is none for the municipality's own task, since nobody is free to refuse.
type Basis string

// The bases.
const (
	OnTask    Basis = "task"    // the team's own task under Wmo, Jeugdwet or Wgs
	OnConsent Basis = "consent" // the resident said yes to this
	OnVital   Basis = "vital"   // somebody's life or safety
	OnLaw     Basis = "law"     // a law says that it must be shared
)

// Scope is what was shared.
type Scope string

// The scopes.
const (
	WholeCase    Scope = "whole"
	ButLeadNotes Scope = "but_lead_notes" // all but what stays with the lead
)

// Note is whom a worker's note is for (EvNoted). Its text is the event's reason.
type Note struct {
	For  Circle `json:"for"`
	Whom string `json:"whom,omitempty"` // of the household, by name: what is of one person is not another's
}

// Circle is who may read a note.
type Circle string

// The circles.
const (
	ForTeam      Circle = "team"      // who works on the case
	ForLead      Circle = "lead"      // the lead alone, whoever that is; coordinators see that it is there
	ForHousehold Circle = "household" // the household too, never under a safety flag
)
