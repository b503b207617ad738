package message

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

func TestAWorkerIsToldOnlyWhatIsStillSo(t *testing.T) {
	due := reported().Add(4 * time.Hour)
	deadline := func(kind casework.DeadlineKind, owner string) casework.Deadline {
		return casework.Deadline{For: kind, Owner: owner, At: due, Wake: due}
	}
	offered := casework.Case{
		ID: number, State: casework.Assigned, Lead: "fenna", Priority: municipality.P1, Area: "noord",
		Deadlines: []casework.Deadline{deadline(casework.DueAccept, "fenna"), deadline(casework.DueLook, "ilse"), deadline(casework.DueContact, "fenna")},
		Look:      casework.FirstLook{Line: []string{"ilse", "hanna"}, Asked: 1},
	}
	accepted := offered
	accepted.State = casework.Accepted
	accepted.Deadlines = offered.Deadlines[1:]
	queued := offered
	queued.State, queued.Lead, queued.Coordinator = casework.Escalated, "", "willem"
	queued.Deadlines = []casework.Deadline{deadline(casework.DueDecide, "willem"), deadline(casework.DueLook, "ilse")}
	seen := offered
	seen.Look.SeenBy = "ilse"
	moved := casework.Case{ID: number, State: casework.Escalated, Coordinator: "hanna", Deadlines: []casework.Deadline{deadline(casework.DueDecide, "hanna")}}

	summary := Summary{
		Number: number, Area: "Noord", Priority: municipality.P1, Link: "https://bureau.waterstad.example/desk/casus/K7M-4RT-9XC",
	}
	watched := summary
	watched.Link = links().OversightLink()
	closed := summary
	closed.Link = links().Desk
	handing := accepted
	handing.State, handing.Handover, handing.Asked = casework.InHandover, casework.Handover{To: "daan"}, []string{"emre"}
	handing.Deadlines = []casework.Deadline{deadline(casework.DueHandover, "fenna")}
	handed := casework.Case{ID: number, State: casework.Closed, Lead: "fenna", Area: "noord", Priority: municipality.P1}
	handed.Deadlines = []casework.Deadline{deadline(casework.DueHandOff, "willem")}
	talk, talking := reported().AddDate(0, 0, 4), accepted
	talking.Handover = casework.Handover{Talk: talk}
	second := func(kind casework.EventKind) []casework.Event { return []casework.Event{{Version: 2, Kind: kind}} }
	event := func(kind casework.EventKind, to casework.State) casework.Event {
		return casework.Event{Kind: kind, To: to}
	}
	type history = []casework.Event
	tests := map[string]struct {
		kind   casework.MessageKind
		to     string
		at     time.Time
		c      casework.Case
		events history
		want   Letter // nil: obsolete
	}{
		"an offer that stands":              {casework.MailLead, "fenna", reported(), offered, nil, Lead{summary, due}},
		"an offer that went to another":     {casework.MailLead, "daan", reported(), offered, nil, nil},
		"an offer that expired":             {casework.MailLead, "fenna", due, offered, nil, nil},
		"an offer that was accepted":        {casework.MailLead, "fenna", reported(), accepted, nil, nil},
		"an offer that went to the queue":   {casework.MailLead, "fenna", reported(), queued, nil, nil},
		"a queue it left":                   {casework.MailCoordinator, "willem", reported(), offered, nil, nil},
		"a queue of another coordinator":    {casework.MailCoordinator, "willem", reported(), moved, nil, nil},
		"a look that is still to come":      {casework.MailLook, "ilse", reported(), offered, nil, Look{summary, due}},
		"a look that was done":              {casework.MailLook, "ilse", reported(), seen, nil, nil},
		"a look that another was asked for": {casework.MailLook, "hanna", reported(), offered, nil, nil},
		"nobody looked yet":                 {casework.MailUnseen, "willem", reported(), offered, nil, Unseen{summary, due}},
		"somebody looked meanwhile":         {casework.MailUnseen, "willem", reported(), seen, nil, nil},
		"a deadline that went by": {casework.MailReminder, "ilse", due, accepted, nil, Reminder{
			summary, []casework.Deadline{deadline(casework.DueLook, "ilse")},
		}},
		"a deadline that is yet to come":    {casework.MailReminder, "ilse", due.Add(-1), accepted, nil, nil},
		"a deadline that is another's now":  {casework.MailReminder, "daan", due, accepted, nil, nil},
		"a reminder after the case was met": {casework.MailReminder, "fenna", due, casework.Case{ID: number}, nil, nil},
		"an owner who is silent": {casework.MailLate, "willem", due, accepted, nil, Late{
			summary, []casework.Deadline{deadline(casework.DueLook, "ilse"), deadline(casework.DueContact, "fenna")},
		}},
		"an owner who did it after all": {casework.MailLate, "willem", due, casework.Case{ID: number}, nil, nil},
		"a handover that waits for an answer": {
			casework.MailTask, "daan", reported(), handing, second(casework.EvHandoverBegun), Task{Summary: summary, Event: casework.EvHandoverBegun, Before: due},
		},
		"a handover that was ended":            {casework.MailTask, "daan", reported(), accepted, second(casework.EvHandoverBegun), nil},
		"a question that stands":               {casework.MailTask, "emre", reported(), handing, second(casework.EvAsked), Task{Summary: summary, Event: casework.EvAsked}},
		"a question that was taken back":       {casework.MailTask, "emre", reported(), accepted, second(casework.EvAsked), nil},
		"a case that somebody leads now":       {casework.MailTask, "fenna", reported(), accepted, second(casework.EvReassigned), Task{Summary: summary, Event: casework.EvReassigned}},
		"a case that has yet another lead now": {casework.MailTask, "daan", reported(), accepted, second(casework.EvReassigned), nil},
		"a queue whose coordinator left": {
			casework.MailTask, "willem", reported(), queued, second(casework.EvInherited),
			Task{Summary: summary, Event: casework.EvInherited, Before: due, Running: true},
		},
		"a hand-off whose lead left": {
			casework.MailTask, "willem", reported(), handed, second(casework.EvInherited),
			Task{Summary: summary, Event: casework.EvInherited, Before: due},
		},
		"a queue that went on meanwhile":    {casework.MailTask, "willem", reported(), moved, second(casework.EvInherited), nil},
		"news of a case that one may open":  {casework.MailNews, "fenna", reported(), accepted, second(casework.EvAnswered), News{Summary: summary, Event: casework.EvAnswered}},
		"news of one that one may not open": {casework.MailNews, "emre", reported(), accepted, second(casework.EvAskEnded), News{Summary: closed, Event: casework.EvAskEnded, Gone: true}},
		"who led a case that a coordinator took back": {
			casework.MailNews, "fenna", reported(), queued,
			history{{Version: 2, Kind: casework.EvHandedBack, Was: "fenna", By: "willem"}},
			News{Summary: closed, Event: casework.EvHandedBack, Gone: true, Led: true},
		},
		"who was to take it over": {
			casework.MailNews, "daan", reported(), queued,
			history{{Version: 2, Kind: casework.EvHandedBack, Was: "fenna", Subject: "daan", By: "willem"}},
			News{Summary: closed, Event: casework.EvHandedBack, Gone: true},
		},
		"who led a case before": {
			casework.MailNews, "daan", reported(), talking, second(casework.EvHandoverAccepted),
			News{Summary: closed, Event: casework.EvHandoverAccepted, Gone: true, Talk: talk},
		},
		"who led it before, after the talk": {
			casework.MailNews, "daan", talk, talking, second(casework.EvHandoverAccepted),
			News{Summary: closed, Event: casework.EvHandoverAccepted, Gone: true},
		},
		"a lead whose colleague refused": {
			casework.MailNews, "fenna", reported(), accepted, second(casework.EvHandoverEnded),
			News{Summary: summary, Event: casework.EvHandoverEnded},
		},
		"who need not take over after all": {
			casework.MailNews, "daan", reported(), accepted, second(casework.EvHandoverEnded),
			News{Summary: closed, Event: casework.EvHandoverEnded, Gone: true},
		},
		"a glass that was broken": {
			casework.MailGlass, "fenna", due, accepted,
			history{{Version: 2, Kind: casework.EvGlassBroken, By: "ilse", At: reported()}},
			Glass{Summary: summary, Name: "Ilse Duinpan", At: reported()},
		},
		"a glass that was broken, for who watches over it": {
			casework.MailGlass, "iris", due, accepted,
			history{{Version: 2, Kind: casework.EvGlassBroken, By: "ilse", At: reported()}},
			Glass{watched, "Ilse Duinpan", reported(), true},
		},
		"the queue, since nobody was free": {
			casework.MailCoordinator, "willem", reported(), queued,
			history{event(casework.EvEscalated, casework.Escalated)},
			Coordinator{summary, NobodyFree, due},
		},
		"the queue, since it was given back": {
			casework.MailCoordinator, "willem", reported(), queued,
			history{
				event(casework.EvAssigned, casework.Assigned), event(casework.EvGivenBack, casework.Escalated),
				event(casework.EvReminded, casework.Escalated),
			},
			Coordinator{summary, GivenBack, due},
		},
		"the queue, since nobody answered": {
			casework.MailCoordinator, "willem", reported(), queued,
			history{
				event(casework.EvGivenBack, casework.Assigned), event(casework.EvPassed, casework.Escalated),
			},
			Coordinator{summary, NobodyAnswered, due},
		},
		"the queue, and the last time counts": {
			casework.MailCoordinator, "willem", reported(), queued,
			history{
				event(casework.EvEscalated, casework.Escalated), event(casework.EvPlaced, casework.Assigned),
				event(casework.EvGivenBack, casework.Assigned), event(casework.EvPassed, casework.Escalated),
			},
			Coordinator{summary, NobodyAnswered, due},
		},
	}
	d := &Delivery{Writer: NewWriter(waterstad(t)), Links: links()}
	people := casework.People{
		Cards:   map[string]directory.Card{"ilse": {ID: "ilse", Name: "Ilse Duinpan"}},
		Workers: []routing.Worker{{ID: "iris", Roles: []routing.Role{routing.PrivacyOfficer}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := casework.Message{Case: number, ID: "0002-x", Kind: test.kind, To: test.to}
			got, err := d.letter(test.at, m, casework.Dossier{Case: test.c, Events: test.events}, people)
			if test.want == nil {
				if !errors.Is(err, errObsolete) {
					t.Errorf("letter %T, error %v; want it obsolete", got, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("letter differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnAreaThatIsGoneStillHasANameAndAReplyAddress(t *testing.T) {
	d := &Delivery{Writer: NewWriter(waterstad(t))}
	tests := map[string]struct{ area, name, replyTo string }{
		"an area of the file": {"noord", "Noord", "wijkteam-noord@waterstad.example"},
		"one that is gone":    {"oost", "oost", "post@waterstad.example"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := d.areaName(test.area); got != test.name {
				t.Errorf("name = %q, want %q", got, test.name)
			}
			if got := d.replyTo(test.area); got != test.replyTo {
				t.Errorf("reply address = %q, want %q", got, test.replyTo)
			}
		})
	}
}

// threat:T25
func TestTheWaitBetweenTriesGrowsToAQuarter(t *testing.T) {
	want := []time.Duration{1, 2, 4, 8, 15, 15, 15}
	for i, minutes := range want {
		if got := retryAfter(i + 1); got != minutes*time.Minute {
			t.Errorf("after try %d wait %s, want %s", i+1, got, minutes*time.Minute)
		}
	}
	if got := retryAfter(1_000_000); got != 15*time.Minute {
		t.Errorf("after a million tries wait %s", got)
	}
}

// What a coordinator is told of a mail that did not arrive is not told when it arrived meanwhile, or somebody saw to it.
func TestAMailThatArrivedAfterAllIsNotToldOf(t *testing.T) { // threat:T24 //feature:H5
	mail := casework.Message{Case: number, ID: "0001-lead-fenna", Kind: casework.MailLead, To: "fenna", Created: reported(), Status: casework.Sent}
	arrived, handled := mail, mail
	arrived.Delivered, handled.HandledBy = reported().Add(time.Hour), "ilse"
	event := casework.Event{Version: 2, Kind: casework.EvUndelivered, Command: casework.UndeliveredCommand(mail.ID), Subject: "fenna"}
	d := &Delivery{Writer: NewWriter(waterstad(t)), Links: links()}
	people := casework.People{Cards: map[string]directory.Card{"fenna": {Name: "Fenna Bakboord", Phone: "088 000 2001"}}}
	for name, tt := range map[string]struct {
		mail casework.Message
		told bool
	}{
		"it did not arrive":        {mail, true},
		"it arrived":               {arrived, false},
		"somebody saw to it":       {handled, false},
		"it is not there any more": {casework.Message{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			dossier := casework.Dossier{Case: casework.Case{ID: number}, Events: []casework.Event{event}, Messages: []casework.Message{tt.mail}}
			m := casework.Message{Case: number, ID: "0002-undelivered-willem", Kind: casework.MailUndelivered, To: "willem"}
			got, err := d.letter(reported().Add(2*time.Hour), m, dossier, people)
			if !tt.told {
				if !errors.Is(err, errObsolete) {
					t.Errorf("letter %T, error %v; want it obsolete", got, err)
				}
				return
			}
			if letter, ok := got.(Undelivered); !ok || letter.Name != "Fenna Bakboord" || letter.Phone != "088 000 2001" {
				t.Errorf("letter %+v, %v", got, err)
			}
		})
	}
}
