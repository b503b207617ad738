package web

import (
	"slices"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/message"
	"voordeur/internal/municipality"
)

// deskWords puts what the desk shows into words, as of now.
type deskWords struct {
	texts        *Texts
	municipality *municipality.Municipality
	people       casework.People
	now          time.Time
}

func (d *desk) words(s seat) (deskWords, error) {
	texts, err := d.texts()
	return deskWords{texts: texts, municipality: d.Municipality, people: s.people, now: d.Now()}, err
}

// moment says a moment as colleagues do: "vandaag, 15.00 uur", "vrijdag 27 november, 17.00 uur".
func (v deskWords) moment(t time.Time) string { return v.onDay("desk.moment.", t) }

// before says a deadline as colleagues do: "vandaag, vóór 15.00 uur", "vrijdag 27 november, vóór 17.00 uur".
func (v deskWords) before(t time.Time) string { return v.onDay("desk.before.", t) }

func (v deskWords) onDay(key string, t time.Time) string {
	which, today := "other", municipality.Local(v.now)
	for name, days := range map[string]int{"yesterday": -1, "today": 0, "tomorrow": 1} {
		if message.Day(t) == message.Day(today.AddDate(0, 0, days)) {
			which = name
		}
	}
	return v.texts.T(key+which, "Day", message.Day(t), "Time", municipality.Local(t).Format("15.04"))
}

// left says how long it is until t, or how long ago that was: "nog 3 uur", "2 dagen te laat".
func (v deskWords) left(t time.Time) string {
	key, d := "desk.left.", t.Sub(v.now)
	if d <= 0 {
		key, d = "desk.late.", -d
	}
	switch {
	case d < time.Hour:
		return v.texts.T(key+"minutes", "Count", max(int(d.Minutes()), 1))
	case d < 24*time.Hour:
		return v.texts.T(key+"hours", "Count", int(d.Hours()))
	}
	return v.texts.T(key+"days", "Count", int(d.Hours()/24))
}

func (v deskWords) late(t time.Time) bool { return !v.now.Before(t) }

// person names a colleague, or who is none: the service, the resident.
func (v deskWords) person(id string) string {
	switch id {
	case casework.Service:
		return v.texts.T("desk.person.service")
	case casework.CaseSystem:
		return v.texts.T("desk.person.case_system")
	case casework.Resident:
		return v.texts.T("desk.person.resident")
	case casework.LastResort:
		return v.municipality.LastResort.Role
	}
	if card, ok := v.people.Cards[id]; ok {
		return card.Name
	}
	return v.texts.T("desk.person.unknown")
}

func (v deskWords) area(id string) string {
	if area, ok := v.municipality.Area(id); ok {
		return area.Name
	}
	return v.texts.T("desk.area.unknown")
}

func (v deskWords) priority(p municipality.Priority) Badge {
	tones := map[municipality.Priority]Tone{municipality.P1: Urgent, municipality.P2: Heed, municipality.P3: Quiet}
	return Badge{Text: v.texts.T("desk.priority." + p.String()), Tone: tones[p]}
}

// task is what the case waits for, and by when; the empty one waits for nothing.
type task struct {
	Kind  taskKind
	Until time.Time
}

// taskKind names what a worker has to do: a deadline, or what the tasks below say.
type taskKind string

// The tasks that are more than their deadline.
const (
	taskLook      taskKind = "look"      // look first, as who is on duty
	taskHousehold taskKind = "household" // say whether it belongs to a running case
	taskTell      taskKind = "tell"      // give the resident without e-mail the receipt
	taskContact   taskKind = "contact"   // speak with the resident
	taskTakeOver  taskKind = "take_over" // say yes to a handover
	taskAnswer    taskKind = "answer"    // think along; that has no deadline
	taskPassed    taskKind = "passed"    // nothing: the offer's term went by
	taskNone      taskKind = "none"      // nothing now
)

// taskKinds lists the tasks, the most urgent kind first.
func taskKinds() []taskKind {
	return []taskKind{
		taskLook, taskHousehold, taskOf(casework.DueAccept), taskOf(casework.DueDecide), taskTell, taskContact,
		taskOf(casework.DueRecord), taskOf(casework.DueFind), taskOf(casework.DueAnother), taskOf(casework.DueKeep), taskTakeOver,
		taskOf(casework.DueHandover), taskOf(casework.DueInvite), taskOf(casework.DueCall), taskOf(casework.DuePlace), taskOf(casework.DueInquiry),
		taskOf(casework.DueStart), taskOf(casework.DueReview), taskOf(casework.DueCheck), taskOf(casework.DueHandOff),
		taskOf(casework.DueHold), taskOf(casework.DueDestroy), taskAnswer, taskPassed, taskNone,
	}
}

// taskOf is the task of a deadline. That nobody has looked yet is told, it is nobody's task of its own.
func taskOf(kind casework.DeadlineKind) taskKind {
	switch kind {
	case casework.DueLook, casework.DueLookNext:
		return taskLook
	case casework.DueReceipt:
		return taskTell
	case casework.DueContact:
		return taskContact
	case casework.DueAccept, casework.DueDecide, casework.DuePlace, casework.DueCall, casework.DueInvite, casework.DueRecord,
		casework.DueInquiry, casework.DueStart, casework.DueReview, casework.DueCheck, casework.DueHandover, casework.DueFind,
		casework.DueAnother, casework.DueKeep, casework.DueHandOff, casework.DueHold, casework.DueDestroy:
	}
	return taskKind(kind)
}

// kept says whether a deadline is the term of an ended case, while that runs: it asks nothing of anybody.
func (v deskWords) kept(due casework.Deadline) bool {
	return due.For == casework.DueDestroy && !v.late(due.At)
}

// task is what a case asks of one worker now: the first look, an offer or a case without a lead before all else, then what
// is due soonest.
func (v deskWords) task(c casework.Case, worker string) task {
	if due, ok := c.Deadline(casework.DueLook); ok && c.Look.Holder() == worker {
		return task{taskLook, due.At}
	}
	if due, ok := c.Deadline(casework.DueAccept); ok && c.State == casework.Assigned && c.Lead == worker {
		switch {
		case v.late(due.At):
			return task{taskPassed, due.At}
		case c.Proposed != "":
			return task{taskHousehold, due.At}
		}
		return task{taskOf(casework.DueAccept), due.At}
	}
	if due, ok := c.Deadline(casework.DueDecide); ok && due.Owner == worker {
		return task{taskOf(casework.DueDecide), due.At}
	}
	if due, ok := c.Deadline(casework.DueHandover); ok && c.Handover.To == worker {
		return task{taskTakeOver, due.At}
	}
	soonest := task{Kind: taskNone}
	for _, due := range c.Pressing() {
		looks := due.For == casework.DueLook || due.For == casework.DueLookNext
		if due.Owner == worker && !looks && !v.kept(due) && (soonest.Kind == taskNone || due.At.Before(soonest.Until)) {
			soonest = task{taskOf(due.For), due.At}
		}
	}
	if soonest.Kind == taskNone && c.Open() && slices.Contains(c.Asked, worker) {
		return task{Kind: taskAnswer}
	}
	return soonest
}
