package web

import (
	"errors"
	"net/http"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/routing"
)

// apiCase is where a case stands: its head, and no more. Of a report that is no case yet only the first two are known.
type apiCase struct {
	Reference casework.Reference `json:"reference"`
	State     casework.State     `json:"state"`
	Lead      *apiLead           `json:"lead"`
	Priority  *string            `json:"priority"` // "P1"
	Deadline  *time.Time         `json:"deadline"` // the next promise
	Step      *routing.Step      `json:"step"`
	Rule      *string            `json:"rule"`
}

type apiLead struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// showCase answers where a case stands. A number that is unknown, foreign or none at all gets the same answer.
func (a *api) showCase(w http.ResponseWriter, r *http.Request, _ string) error {
	ref, err := casework.ParseReference(r.PathValue("reference"))
	if err != nil {
		return &problem{kind: problemUnknown}
	}
	c, err := a.Store.Case(r.Context(), ref)
	if errors.Is(err, casework.ErrNotFound) {
		report, err := a.Store.Receipt(r.Context(), ref)
		if err != nil {
			return err
		}
		if !report.Goes.IsZero() && !a.Now().Before(report.Goes) { // it was a case, and that is destroyed
			return &problem{kind: problemUnknown}
		}
		return reply(w, http.StatusOK, apiCase{Reference: report.Reference, State: casework.Submitted})
	}
	if err != nil {
		return err
	}
	if c.State == casework.Rehearsed || c.Gone(a.Now()) { // a smoke test is nobody's case, nor is one whose term is over
		return &problem{kind: problemUnknown}
	}
	people, err := a.Store.People(r.Context())
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, standing(c, people))
}

func standing(c casework.Case, people casework.People) apiCase {
	priority := c.Priority.String()
	s := apiCase{Reference: c.ID, State: c.State, Priority: &priority, Step: &c.Step}
	if c.Lead != "" {
		s.Lead = &apiLead{ID: c.Lead, Name: people.Cards[c.Lead].Name}
	}
	if c.Rule != "" {
		s.Rule = &c.Rule
	}
	for _, d := range c.Pressing() {
		if at := d.At.UTC(); s.Deadline == nil || at.Before(*s.Deadline) {
			s.Deadline = &at
		}
	}
	return s
}
