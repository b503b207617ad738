package dynamo

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

type item = map[string]types.AttributeValue

// What the todo index calls the rows that the sweep looks at.
const (
	todoReport    = "REPORT"
	todoMessage   = "MESSAGE"
	todoCase      = "CASE"
	todoLate      = "LATE" // a case that todoOf calls late, like the next
	todoLateLook  = "LATE-LOOK"
	todoWork      = "WORK"
	todoConfirmed = "CONFIRMED"
	todoKept      = "KEPT"    // an ended case, until it is destroyed
	todoHandOff   = "HANDOFF" // owed: the sweep does not look at these, the municipality's own system does

	// Of reports; the sweep does not look at these, people do.
	todoQuarantine = "QUARANTINE"
	todoNotHuman   = "NOT-HUMAN"
)

type reportRow struct {
	PK            string     `dynamodbav:"PK"`
	SK            string     `dynamodbav:"SK"`
	Received      time.Time  `dynamodbav:"received"`
	ContactBefore time.Time  `dynamodbav:"contact_before"`
	Owner         []byte     `dynamodbav:"owner"`
	MAC           []byte     `dynamodbav:"mac"`
	LinkID        string     `dynamodbav:"link,omitempty"`
	Routing       []byte     `dynamodbav:"routing,omitempty"`
	Contact       []byte     `dynamodbav:"contact,omitempty"`
	JudgedBy      string     `dynamodbav:"judged_by,omitempty"` // of a suspected report
	JudgedAt      *time.Time `dynamodbav:"judged,omitempty"`
	Todo          string     `dynamodbav:"todo,omitempty"` // not taken yet: pending, quarantined or closed
	At            string     `dynamodbav:"at,omitempty"`
	TTL           int64      `dynamodbav:"ttl,omitempty"`
}

func (r reportRow) report() casework.Report {
	ref, _ := Key{PK: r.PK}.reference()
	report := casework.Report{
		Receipt: casework.Receipt{Reference: ref, Received: r.Received, ContactBefore: r.ContactBefore},
		Owner:   r.Owner, MAC: r.MAC, LinkID: r.LinkID, Routing: r.Routing, Contact: r.Contact,
		Judged: casework.Judgement{By: r.JudgedBy, At: value(r.JudgedAt), Human: r.JudgedBy != "" && r.Todo != todoNotHuman},
	}
	if r.TTL > 0 {
		report.Goes = time.Unix(r.TTL, 0).UTC()
	}
	return report
}

type contentRow struct {
	PK      string `dynamodbav:"PK"`
	SK      string `dynamodbav:"SK"`
	Content []byte `dynamodbav:"content"`
}

type linkRow struct {
	PK        string    `dynamodbav:"PK"`
	SK        string    `dynamodbav:"SK"`
	Case      string    `dynamodbav:"case"`
	Expires   time.Time `dynamodbav:"expires"`
	View      []byte    `dynamodbav:"view"`
	PublicKey []byte    `dynamodbav:"public_key,omitempty"` // of releases 0.1 and 0.2
}

// onceRow remembers a system's request. Until it expires no other may take its place.
type onceRow struct {
	PK        string `dynamodbav:"PK"`
	SK        string `dynamodbav:"SK"`
	Reference string `dynamodbav:"reference"`
	MAC       []byte `dynamodbav:"mac"`
	Expires   string `dynamodbav:"expires"` // a stamp: compared where it is stored
	TTL       int64  `dynamodbav:"ttl"`     // seconds; only sweeps
}

type caseRow struct {
	PK          string        `dynamodbav:"PK"`
	SK          string        `dynamodbav:"SK"`
	Version     int           `dynamodbav:"version"`
	State       string        `dynamodbav:"state"`
	LeadID      string        `dynamodbav:"lead_id,omitempty"`
	Coordinator string        `dynamodbav:"coordinator,omitempty"`
	Priority    int           `dynamodbav:"priority"`
	AreaID      string        `dynamodbav:"area_id"`
	Since       *time.Time    `dynamodbav:"since,omitempty"`
	Weight      int           `dynamodbav:"weight"`
	Step        int           `dynamodbav:"step"`
	Rule        string        `dynamodbav:"rule,omitempty"`
	Reported    time.Time     `dynamodbav:"reported"`
	AcceptedAt  *time.Time    `dynamodbav:"accepted,omitempty"`
	Deadlines   []deadlineRow `dynamodbav:"deadlines,omitempty"`
	LookLine    []string      `dynamodbav:"look_line,omitempty"`
	LookAsked   int           `dynamodbav:"look_asked,omitempty"`
	LookBy      string        `dynamodbav:"look_by,omitempty"`
	LookAt      *time.Time    `dynamodbav:"look_at,omitempty"`
	Proposed    string        `dynamodbav:"proposed,omitempty"`
	Into        string        `dynamodbav:"into,omitempty"`
	MergedAt    *time.Time    `dynamodbav:"merged,omitempty"`
	Nearby      bool          `dynamodbav:"nearby,omitempty"`
	GaveBack    []string      `dynamodbav:"gave_back,omitempty"`
	Resume      string        `dynamodbav:"resume,omitempty"`
	Meeting     *time.Time    `dynamodbav:"meeting,omitempty"`
	Met         int           `dynamodbav:"met,omitempty"`
	Tries       []tryRow      `dynamodbav:"tries,omitempty"`
	HandoverTo  string        `dynamodbav:"handover_to,omitempty"`
	Talk        *time.Time    `dynamodbav:"talk,omitempty"`
	Asked       []string      `dynamodbav:"asked,omitempty"`
	Suggested   string        `dynamodbav:"suggested,omitempty"`
	Glass       []glassRow    `dynamodbav:"glass,omitempty"`
	Dimmed      *time.Time    `dynamodbav:"dimmed,omitempty"`
	Outcome     string        `dynamodbav:"outcome,omitempty"`
	EndedAt     *time.Time    `dynamodbav:"ended,omitempty"`
	Confirmed   *time.Time    `dynamodbav:"confirmed,omitempty"`
	Planned     bool          `dynamodbav:"planned,omitempty"`
	Youth       bool          `dynamodbav:"youth,omitempty"`
	HeldBy      string        `dynamodbav:"held_by,omitempty"`
	HeldSince   *time.Time    `dynamodbav:"held_since,omitempty"`
	ChainHash   []byte        `dynamodbav:"chain"`

	Lead string `dynamodbav:"lead,omitempty"` // index lead: whoever the case stands with
	Due  string `dynamodbav:"due,omitempty"`
	Todo string `dynamodbav:"todo,omitempty"` // index todo
	At   string `dynamodbav:"at,omitempty"`

	Duty  string `dynamodbav:"duty,omitempty"` // index duty, without a lead at work
	Place string `dynamodbav:"place,omitempty"`

	TTL int64 `dynamodbav:"ttl,omitempty"` // of a smoke test, and of a case of which every other row goes as well
}

// forgotten says whether the case is destroyed, and all of it.
func (r caseRow) forgotten() bool { return r.TTL > 0 && r.State == string(casework.Destroyed) }

type deadlineRow struct {
	For   string    `dynamodbav:"for"`
	Owner string    `dynamodbav:"owner"`
	At    time.Time `dynamodbav:"at"`
	Wake  time.Time `dynamodbav:"wake"`
	Told  int       `dynamodbav:"told,omitempty"`
}

type tryRow struct {
	Way string    `dynamodbav:"way"`
	At  time.Time `dynamodbav:"at"`
}

type glassRow struct {
	Worker string    `dynamodbav:"worker"`
	Until  time.Time `dynamodbav:"until"`
}

func newCaseRow(c casework.Case) caseRow {
	k := caseKey(c.ID)
	row := caseRow{
		PK: k.PK, SK: k.SK, Version: c.Version, State: string(c.State), LeadID: c.Lead, Coordinator: c.Coordinator,
		Priority: int(c.Priority), AreaID: c.Area, Weight: c.Weight, Step: int(c.Step), Rule: c.Rule,
		Reported: c.Reported, AcceptedAt: optional(c.AcceptedAt), LookLine: c.Look.Line, LookAsked: c.Look.Asked,
		LookBy: c.Look.SeenBy, LookAt: optional(c.Look.SeenAt), GaveBack: c.GaveBack, ChainHash: c.ChainHash,
		Proposed: string(c.Proposed), Into: string(c.Into), MergedAt: optional(c.MergedAt), Nearby: c.Nearby,
		Resume: string(c.Resume), Meeting: optional(c.Meeting), Met: c.Met, HandoverTo: c.Handover.To,
		Talk: optional(c.Handover.Talk), Asked: c.Asked, Suggested: c.Suggested, Dimmed: optional(c.Dimmed),
		Outcome: string(c.Outcome), EndedAt: optional(c.EndedAt), Confirmed: optional(c.Confirmed), Since: optional(c.Since),
		Planned: c.Planned, Youth: c.Youth, HeldBy: c.Held.By, HeldSince: optional(c.Held.Since),
		Lead: c.StandsWith(),
	}
	row.Duty, row.Place = dutyOf(c)
	for _, t := range c.Tries {
		row.Tries = append(row.Tries, tryRow{string(t.Way), t.At})
	}
	for _, g := range c.Glass {
		row.Glass = append(row.Glass, glassRow(g))
	}
	if row.Lead != "" {
		row.Due = "none"
	}
	for _, d := range c.Deadlines {
		row.Deadlines = append(row.Deadlines, deadlineRow{string(d.For), d.Owner, d.At, d.Wake, d.Told})
	}
	if next, ok := c.Next(); ok {
		row.Due, row.Todo, row.At = stamp(next.At), todoOf(c), stamp(next.Wake)
	}
	return row
}

func (r caseRow) toCase() casework.Case {
	ref, _ := Key{PK: r.PK}.reference()
	c := casework.Case{
		ID: ref, Version: r.Version, State: casework.State(r.State), Lead: r.LeadID, Coordinator: r.Coordinator,
		Priority: municipality.Priority(r.Priority), Area: r.AreaID, Weight: r.Weight, Step: routing.Step(r.Step),
		Rule: r.Rule, Reported: r.Reported, AcceptedAt: value(r.AcceptedAt), GaveBack: r.GaveBack, ChainHash: r.ChainHash,
		Proposed: casework.Reference(r.Proposed), Into: casework.Reference(r.Into), MergedAt: value(r.MergedAt), Nearby: r.Nearby,
		Look:   casework.FirstLook{Line: r.LookLine, Asked: r.LookAsked, SeenBy: r.LookBy, SeenAt: value(r.LookAt)},
		Resume: casework.State(r.Resume), Meeting: value(r.Meeting), Met: r.Met,
		Handover: casework.Handover{To: r.HandoverTo, Talk: value(r.Talk)}, Asked: r.Asked, Suggested: r.Suggested,
		Dimmed: value(r.Dimmed), Outcome: casework.Outcome(r.Outcome), EndedAt: value(r.EndedAt),
		Confirmed: value(r.Confirmed), Since: value(r.Since), Planned: r.Planned, Youth: r.Youth, Held: casework.Hold{By: r.HeldBy, Since: value(r.HeldSince)},
	}
	for _, t := range r.Tries {
		c.Tries = append(c.Tries, casework.Try{Way: casework.Way(t.Way), At: t.At})
	}
	for _, g := range r.Glass {
		c.Glass = append(c.Glass, casework.Glass(g))
	}
	for _, d := range r.Deadlines {
		c.Deadlines = append(c.Deadlines, casework.Deadline{For: casework.DeadlineKind(d.For), Owner: d.Owner, At: d.At, Wake: d.Wake, Told: d.Told})
	}
	return c
}

type eventRow struct {
	PK      string    `dynamodbav:"PK"`
	SK      string    `dynamodbav:"SK"`
	Version int       `dynamodbav:"version"`
	Kind    string    `dynamodbav:"kind"`
	At      time.Time `dynamodbav:"when"`
	By      string    `dynamodbav:"by"`
	Command string    `dynamodbav:"command"`
	From    string    `dynamodbav:"from"`
	To      string    `dynamodbav:"to"`
	Lead    string    `dynamodbav:"lead_id,omitempty"`
	Was     string    `dynamodbav:"was,omitempty"`
	Subject string    `dynamodbav:"subject,omitempty"`
	Other   string    `dynamodbav:"other,omitempty"`
	Also    []string  `dynamodbav:"also,omitempty"`
	Way     string    `dynamodbav:"way,omitempty"`
	Entered string    `dynamodbav:"entered,omitempty"`
	Reason  []byte    `dynamodbav:"reason,omitempty"`
	Why     []byte    `dynamodbav:"why,omitempty"`
	Record  []byte    `dynamodbav:"record,omitempty"`
	Detail  []byte    `dynamodbav:"detail,omitempty"` // of release 0.1
	Hash    []byte    `dynamodbav:"hash"`
}

func newEventRow(e casework.Event) eventRow {
	k := eventKey(e.Case, e.Version)
	return eventRow{
		PK: k.PK, SK: k.SK, Version: e.Version, Kind: string(e.Kind), At: e.At, By: e.By, Command: e.Command,
		From: string(e.From), To: string(e.To), Lead: e.Lead, Was: e.Was, Subject: e.Subject, Also: e.Also, Other: string(e.Other), Way: string(e.Way),
		Entered: e.Entered, Reason: e.Reason, Why: e.Why, Record: e.Record, Hash: e.Hash,
	}
}

func (r eventRow) event() casework.Event {
	ref, _ := Key{PK: r.PK}.reference()
	return casework.Event{
		Case: ref, Version: r.Version, Kind: casework.EventKind(r.Kind), At: r.At, By: r.By, Command: r.Command,
		From: casework.State(r.From), To: casework.State(r.To), Lead: r.Lead, Was: r.Was, Subject: r.Subject,
		Also: r.Also, Other: casework.Reference(r.Other), Way: casework.Way(r.Way), Entered: r.Entered,
		Reason: r.Reason, Why: r.Why, Record: r.Record, Detail: r.Detail, Hash: r.Hash,
	}
}

// lookRow puts a first look in the list of the worker whose turn it is; once somebody looked, in nobody's.
type lookRow struct {
	PK   string `dynamodbav:"PK"`
	SK   string `dynamodbav:"SK"`
	Lead string `dynamodbav:"lead,omitempty"`
	Due  string `dynamodbav:"due,omitempty"`

	Duty  string `dynamodbav:"duty,omitempty"` // index duty
	Place string `dynamodbav:"place,omitempty"`
}

// listRow puts a case in the list of a worker whom it does not stand with, or, without a lead, no longer.
type listRow struct {
	PK   string `dynamodbav:"PK"`
	SK   string `dynamodbav:"SK"`
	Lead string `dynamodbav:"lead,omitempty"`
	Due  string `dynamodbav:"due,omitempty"`
}

func newListRow(ref casework.Reference, l casework.Listing) listRow {
	k := listKey(ref, l.Worker)
	row := listRow{PK: k.PK, SK: k.SK}
	if !l.On {
		return row
	}
	row.Lead, row.Due = l.Worker, "none"
	if !l.Due.IsZero() {
		row.Due = stamp(l.Due)
	}
	return row
}

func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func value(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
