package casework_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/casework"
	"voordeur/internal/routing"
)

// staff is who works here on Monday 23 November 2026: Fenna is away that week with Daan for her, and in December.
func staff() casework.People {
	return casework.People{Workers: []routing.Worker{
		{ID: "fenna", Active: true, Absent: []routing.Absence{
			{From: "2026-11-20", To: "2026-11-27", StandIn: "daan"}, {From: "2026-12-21", To: "2027-01-03", StandIn: "daan"},
		}},
		{ID: "daan", Active: true, Absent: []routing.Absence{{From: "2026-12-10", To: "2026-12-11", StandIn: "fenna"}}},
		{ID: "lotte", Active: true, LeftOn: "2026-12-01"},
		{ID: "mees", Active: true},
		{ID: "joost", Active: true, Roles: []routing.Role{routing.Partner}},
		{ID: "gone"},
	}}
}

func TestWhyNobodyCanBeAwayLikeThat(t *testing.T) { // feature:G4
	ask := func(from, to, standIn string) routing.Absence {
		return routing.Absence{From: from, To: to, StandIn: standIn}
	}
	for name, tt := range map[string]struct {
		asked   routing.Absence
		instead string
		want    []casework.AbsenceFault
	}{
		"a day from now":                           {ask("2026-11-30", "2026-11-30", "mees"), "", nil},
		"from yesterday":                           {ask("2026-11-10", "2026-11-12", "mees"), "", []casework.AbsenceFault{casework.AwayBefore, casework.AwayBackwards}},
		"longer than was said, and it began":       {ask("2026-11-20", "2026-12-04", "daan"), "2026-11-20", nil},
		"it began, and was yesterday after all":    {ask("2026-11-20", "2026-11-22", "daan"), "2026-11-20", []casework.AbsenceFault{casework.AwayBackwards}},
		"it ends before it begins":                 {ask("2026-12-02", "2026-12-01", "mees"), "", []casework.AbsenceFault{casework.AwayBackwards}},
		"for more than a year":                     {ask("2026-12-02", "2027-11-24", "mees"), "", []casework.AbsenceFault{casework.AwayTooLong, casework.AwayTwice}},
		"for a year":                               {ask("2027-02-02", "2027-11-23", "mees"), "", nil},
		"a day that she is away already":           {ask("2026-11-27", "2026-12-01", "mees"), "", []casework.AbsenceFault{casework.AwayTwice}},
		"the day after":                            {ask("2026-11-28", "2026-12-01", "mees"), "", nil},
		"into the other one":                       {ask("2026-11-20", "2026-12-21", "mees"), "2026-11-20", []casework.AbsenceFault{casework.AwayTwice}},
		"she stands in for herself":                {ask("2026-11-30", "2026-12-01", "fenna"), "", []casework.AbsenceFault{casework.StandInSelf}},
		"who stands in is of a partner":            {ask("2026-11-30", "2026-12-01", "joost"), "", []casework.AbsenceFault{casework.StandInCannot}},
		"who stands in left":                       {ask("2026-11-30", "2026-12-01", "gone"), "", []casework.AbsenceFault{casework.StandInCannot}},
		"who stands in leaves that day":            {ask("2026-11-30", "2026-12-01", "lotte"), "", []casework.AbsenceFault{casework.StandInCannot}},
		"who stands in leaves the day after":       {ask("2026-11-29", "2026-11-30", "lotte"), "", nil},
		"nobody stands in":                         {ask("2026-11-30", "2026-12-01", ""), "", []casework.AbsenceFault{casework.StandInCannot}},
		"who stands in is away on one of the days": {ask("2026-12-01", "2026-12-10", "daan"), "", []casework.AbsenceFault{casework.StandInAway}},
	} {
		t.Run(name, func(t *testing.T) {
			got := staff().AbsenceFaults("fenna", tt.asked, tt.instead, monday())
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAbsencesStandInOrderAndWhatIsOverGoes(t *testing.T) {
	fenna := staff().Workers[0].Absent
	asked := routing.Absence{From: "2026-12-01", To: "2026-12-02", StandIn: "mees"}
	december := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct{ got, want []routing.Absence }{
		"one more":             {casework.WithAbsence(fenna, asked, "", monday()), []routing.Absence{fenna[0], asked, fenna[1]}},
		"another instead":      {casework.WithAbsence(fenna, asked, "2026-12-21", monday()), []routing.Absence{fenna[0], asked}},
		"one more, and a week": {casework.WithAbsence(fenna, asked, "", december), []routing.Absence{asked, fenna[1]}},
		"the same once more":   {casework.WithAbsence(fenna, fenna[1], "", monday()), fenna},
		"back today":           {casework.WithoutAbsence(fenna, "2026-11-20", monday()), fenna[1:]},
		"no such one":          {casework.WithoutAbsence(fenna, "2026-11-21", monday()), fenna},
	} {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
