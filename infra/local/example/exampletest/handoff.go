package exampletest

import (
	"context"
	"testing"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// InInquiry is a case whose lead has met the resident once. In Duinrand its hand-off may follow.
func (t *Town) InInquiry(tb testing.TB, now time.Time, answers form.Answers) casework.Case {
	tb.Helper()
	c := t.Case(tb, now, answers)
	for _, act := range []func(casework.Click) error{
		func(k casework.Click) error { return t.Work.Accept(tb.Context(), k) },
		func(k casework.Click) error {
			return t.Work.Meet(tb.Context(), k, casework.MeetingReport{Came: []string{"Oma"}, Companion: true}, time.Time{})
		},
	} {
		must(tb, act(t.click(now, c)))
		c = t.head(tb, c.ID)
	}
	return c
}

// HandedOff is a case of Duinrand that the municipality's own system gets this document of.
func (t *Town) HandedOff(tb testing.TB, now time.Time, document string) casework.Case {
	tb.Helper()
	c := t.InInquiry(tb, now, Answers(form.Answers{"postcode": {"9980 AB"}}))
	write := func(context.Context) ([]byte, error) { return []byte(document), nil }
	must(tb, t.Work.HandOff(tb.Context(), t.click(now, c), casework.ByCall, "Hulp bij schulden is nodig.", write))
	return t.head(tb, c.ID)
}

func (t *Town) click(now time.Time, c casework.Case) casework.Click {
	return casework.Click{
		At: now, Case: c.ID, By: casework.Reader{Worker: c.Lead}, Shown: c.Version, Command: casework.NewSecret().String(),
	}
}

func (t *Town) head(tb testing.TB, ref casework.Reference) casework.Case {
	tb.Helper()
	c, err := t.Store.Case(tb.Context(), ref)
	must(tb, err)
	return c
}
