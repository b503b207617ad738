package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// casePage is one case: warnings and the safe way to contact, who can help, who leads it and why, what is wrong, the
// next step, what happened.
type casePage struct {
	Frame
	Name     string // call name
	Number   casework.Reference
	Area     string
	Badges   []Badge
	Done     string // what the worker just did
	Do       string // the task, with its deadline
	Meets    string // the meeting of these days
	Warnings []Alert
	// ContactIs heads the ways to reach the resident, or whoever filled the form in for somebody else.
	ContactIs string
	Contact   reach
	Helpers   reach
	Lead      directory.Card
	LeadIs    string // "Regisseur", "Coördinator"
	Why       []string
	Beside    []string // what goes on around the lead
	Standby   string   // disciplines that could stand behind the lead, "" for none
	What      []SummaryRow
	Asked     string // address of the form as it was asked
	Added     []addition
	Next      nextStep
	Meeting   *meetingPart
	Plan      *planSheet
	Met       *meetingPart
	Notes     []note
	Outside   []Moment // who read it and is neither its lead nor of its team; for the lead
	Timeline  []happening
}

// file is all that is stored about a case, still sealed.
type file struct {
	dossier casework.Dossier
	report  casework.Report
}

// opened is a case that somebody may read, after the audit row.
type opened struct {
	file
	contact casework.Contact
	content casework.Content
	asking  asking        // how it was asked
	details []eventDetail // by event
	records []eventRecord // by event
}

// eventDetail is what an event keeps sealed.
type eventDetail struct {
	Reason   string
	Decision *routing.Decision
	Share    *casework.Share // of an event that opened the case to somebody; nil also in older ones
}

// referenceOf reads the reference in the address; casework.ErrNotFound when it is none.
func referenceOf(r *http.Request) (casework.Reference, error) {
	ref, err := casework.ParseReference(r.PathValue("reference"))
	if err != nil {
		return "", casework.ErrNotFound
	}
	return ref, nil
}

// openCase opens a case for who may read it, after the audit row (I9). To anybody else it is not there (I10).
func (d *desk) openCase(r *http.Request, s seat, ref casework.Reference) (opened, error) {
	f, err := d.fetch(r.Context(), ref)
	if err != nil {
		return opened{}, err
	}
	if !f.dossier.Case.MayRead(s.reader(), d.Now()) {
		return opened{}, casework.ErrNotFound
	}
	if err := d.auditReading(r, s, f.dossier.Case); err != nil {
		return opened{}, err
	}
	return d.unseal(r.Context(), f)
}

// showCase shows a case.
func (d *desk) showCase(w http.ResponseWriter, r *http.Request, s seat) error {
	ref, err := referenceOf(r)
	if err != nil {
		return err
	}
	if r.PathValue("reference") != string(ref) {
		redirect(w, r, casePath(ref))
		return nil
	}
	o, err := d.openCase(r, s, ref)
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p := d.casePage(v, s, o)
	p.Done = v.done(r)
	return d.render(w, http.StatusOK, "case", p)
}

// fetch reads a case in one round; casework.ErrNotFound when there is none.
func (d *desk) fetch(ctx context.Context, ref casework.Reference) (file, error) {
	var f file
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { f.dossier, err = d.Store.Dossier(ctx, ref); return err })
	g.Go(func() (err error) { f.report, err = d.Store.Sent(ctx, ref); return err })
	return f, g.Wait()
}

// unseal opens the envelopes of a case. Its caller has written the audit row.
func (d *desk) unseal(ctx context.Context, f file) (opened, error) {
	o, id := opened{file: f}, f.dossier.Case.ID
	var err error
	if o.contact, err = casework.OpenJSON[casework.Contact](ctx, d.Work.Opener, casework.ForContact, id, f.report.Contact); err != nil {
		return opened{}, err
	}
	if o.content, err = casework.OpenJSON[casework.Content](ctx, d.Work.Opener, casework.ForContent, id, f.report.Content); err != nil {
		return opened{}, err
	}
	if o.asking, err = d.forms.of(ctx, o.content); err != nil {
		return opened{}, err
	}
	if o.records, err = d.unsealRecords(ctx, f.dossier.Events); err != nil {
		return opened{}, err
	}
	o.details, err = d.unsealEvents(ctx, id, f.dossier.Events)
	return o, err
}

func (d *desk) unsealEvents(ctx context.Context, id casework.Reference, events []casework.Event) ([]eventDetail, error) {
	details := make([]eventDetail, len(events))
	for i, e := range events {
		var err error
		if len(e.Reason) > 0 {
			if details[i].Reason, err = casework.OpenJSON[string](ctx, d.Work.Opener, casework.ForContent, id, e.Reason); err != nil {
				return nil, err
			}
		}
		if sharing(e.Kind) && len(e.Record) > 0 {
			if details[i].Share, err = casework.OpenJSON[*casework.Share](ctx, d.Work.Opener, casework.ForContent, id, e.Record); err != nil {
				return nil, err
			}
		}
		if len(e.Detail) > 0 { // of release 0.1
			first, err := casework.OpenJSON[casework.FirstDetail](ctx, d.Work.Opener, casework.ForContent, id, e.Detail)
			if err != nil {
				return nil, err
			}
			details[i] = eventDetail{Reason: first.Reason, Decision: first.Decision}
		}
		if len(e.Why) > 0 {
			if details[i].Decision, err = casework.OpenJSON[*routing.Decision](ctx, d.Work.Opener, casework.ForRouting, id, e.Why); err != nil {
				return nil, err
			}
		}
	}
	return details, nil
}

// sharing says whether events of a kind open a case to somebody, and say on what ground.
func sharing(kind casework.EventKind) bool {
	return slices.Contains([]casework.EventKind{casework.EvAsked, casework.EvHandoverBegun, casework.EvReassigned, casework.EvGlassBroken}, kind)
}

func (d *desk) casePage(v deskWords, s seat, o opened) casePage {
	c := o.dossier.Case
	t := v.task(c, s.worker.ID)
	told := newTold(v, o)
	p := casePage{
		Frame:     d.frame(v.texts, s, v.texts.T("desk.case.title", "Number", string(c.ID)), ""),
		Name:      o.contact.CallName,
		Number:    c.ID,
		Area:      v.area(c.Area),
		Badges:    v.badges(c, t),
		Do:        v.todo(t),
		Meets:     v.meets(c),
		Warnings:  slices.Concat(v.ended(c), v.hold(c), told.warnings(), v.glass(c), v.held(o.dossier.Messages)),
		ContactIs: told.contactIs(),
		Contact:   told.reachResident(),
		Helpers:   told.helpers(),
		Lead:      v.people.Cards[c.Owner()],
		LeadIs:    v.texts.T("desk.lead." + string(c.State)),
		Why:       v.why(o),
		Beside:    v.beside(c),
		Standby:   v.standby(o),
		What:      told.what(),
		Asked:     casePath(c.ID) + "/" + askedPath,
		Added:     v.additions(o.dossier.Events),
		Next:      d.next(v, s, c),
		Meeting:   v.meeting(o),
		Plan:      v.plan(o),
		Met:       v.met(o, s),
		Notes:     v.notes(o, s),
		Timeline:  v.timeline(o.dossier, o.spoken()),
	}
	p.Next.Lines = append(v.questions(o, s), p.Next.Lines...)
	if o.is(casework.TheLead, s, v.now) {
		p.Outside = v.outside(o)
	}
	return p
}

// why says how the case came to its lead: the newest decision, and what people said after it. Where routing would send
// it since something changed is a proposal, and no why.
func (v deskWords) why(o opened) []string {
	var why []string
	handover := "" // the reason of the newest one
	for i, e := range o.dossier.Events {
		detail := o.details[i]
		if detail.Decision != nil && e.Kind != casework.EvMoved {
			why = []string{detail.Decision.Sentence(v.person)}
		}
		if e.Kind == casework.EvPlaced {
			why = append(why, v.texts.T("desk.why.placed", "Name", v.person(e.By), "Reason", detail.Reason))
		}
		if e.Kind == casework.EvPassed {
			why = []string{v.texts.T("desk.why.passed", "Name", v.person(e.Was))}
		}
		if e.Kind == casework.EvHandoverBegun {
			handover = detail.Reason
		}
		if e.Kind == casework.EvHandoverAccepted {
			why = []string{v.texts.T("desk.why.handed_over", "Name", v.person(e.Was), "Reason", handover)}
		}
		if e.Kind == casework.EvReassigned {
			why = []string{v.texts.T("desk.why.placed", "Name", v.person(e.By), "Reason", detail.Reason)}
		}
	}
	return why
}

// standby names the disciplines that the newest decision would have behind the lead (E5); a lead who has one of them
// needs nobody for it.
func (v deskWords) standby(o opened) string {
	var behind []municipality.Discipline
	for _, detail := range o.details {
		if detail.Decision != nil {
			behind = detail.Decision.Standby
		}
	}
	lead, _ := v.people.Worker(o.dossier.Case.Lead)
	var named []string
	for _, d := range behind {
		if !slices.Contains(lead.Disciplines, d) {
			named = append(named, v.texts.T("desk.discipline."+string(d)))
		}
	}
	if len(named) == 0 {
		return ""
	}
	return v.texts.T("desk.standby", "Disciplines", strings.Join(named, ", "))
}
