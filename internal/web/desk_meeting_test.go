package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// accepted is a new case that its lead accepted.
func (o *office) accepted(t *testing.T, answers form.Answers) casework.Case {
	t.Helper()
	c := o.Case(t, o.business(), exampletest.Answers(answers))
	do(t, func() error { return o.Work.Accept(t.Context(), o.click(c, c.Lead)) })
	return o.head(t, c.ID)
}

// on are the fields of a day and a time.
func on(day time.Time, clock string) []string {
	return []string{
		"date.day", day.Format("2"), "date.month", day.Format("1"), "date.year", day.Format("2006"), "clock", clock,
	}
}

// G5: a meeting was when it was, not when somebody wrote it down; the next one keeps where it is and who comes.
func TestAMeetingStandsAtItsOwnTime(t *testing.T) {
	o := openOffice(t)
	c := o.accepted(t, full())
	tomorrow := o.business().AddDate(0, 0, 1)
	b := o.signedIn(t, c.Lead)
	b.send(b.get(caseURL(c)+"/gesprek"), "/gesprek", append(on(tomorrow, "14.00"), "place", "home")...)
	o.later(48 * time.Hour)
	b = o.signedIn(t, c.Lead)
	fields := append(on(o.business().AddDate(0, 0, 7), "9.30"), "alone", "no", "place", "outside", "where", "bij de sluis", "comes", "Noor (buur)")
	a := b.send(b.get(caseURL(c)+"/verslag"), "/verslag", fields...)
	if got := part(a, "laatste-gesprek"); !strings.Contains(got, "gisteren, 14.00 uur") {
		t.Errorf("the last meeting: %q, want when it was", got)
	}
	for _, want := range []string{"9.30 uur", "Buiten, al lopend", "bij de sluis", "Noor"} {
		if got := part(a, "gesprek"); !strings.Contains(got, want) {
			t.Errorf("the next meeting: %q, want %q", got, want)
		}
	}
}

// toMend is what a page lists to mend.
func toMend(a deskAnswer) []string {
	return a.Find(".vd-problems li").Map(func(_ int, s *goquery.Selection) string { return deskText(s) })
}

// One mistake is one thing to mend, and what stands beside it is no mistake.
func TestEachMistakeIsToldOnce(t *testing.T) {
	o := openOffice(t)
	c := o.accepted(t, full())
	b := o.signedIn(t, c.Lead)
	const (
		noDay  = "Schrijf in cijfers een dag die bestaat, bijvoorbeeld 27 11 2026."
		noTime = "Schrijf een tijd, bijvoorbeeld 14.30."
		past   = "Kies een later moment, bijvoorbeeld morgen 14.30."
	)
	for name, tt := range map[string]struct {
		act    string
		fields []string
		want   []string
	}{
		"a day that no month has": {
			"gesprek", []string{"date.day", "31", "date.month", "2", "date.year", "2026", "clock", "14.30", "place", "home"}, []string{noDay},
		},
		"no such day and no such time": {
			"gesprek", []string{"date.day", "31", "date.month", "2", "date.year", "2026", "clock", "24.30", "place", "home"}, []string{noDay, noTime},
		},
		"earlier today": {"gesprek", append(on(o.business(), "0.01"), "place", "home"), []string{past}},
		"what somebody does, not who": {
			"verslag", []string{"alone", "no", "agreed_what", "belt de huisbaas"}, []string{"Schrijf op wie dat doet, bijvoorbeeld: de huisarts."},
		},
		"who does something, not what": {
			"verslag", []string{"alone", "no", "agreed_who", "De Schuldkade"},
			[]string{"Schrijf op wat die persoon doet, bijvoorbeeld: belt vrijdag de huisbaas."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := b.send(b.get(caseURL(c)+"/"+tt.act), "/"+tt.act, tt.fields...)
			if diff := cmp.Diff(tt.want, toMend(a)); a.status != http.StatusUnprocessableEntity || diff != "" {
				t.Errorf("%d (-want +got):\n%s", a.status, diff)
			}
		})
	}
	if got := o.head(t, c.ID).Version; got != c.Version {
		t.Errorf("the case is at version %d, want %d", got, c.Version)
	}
}
