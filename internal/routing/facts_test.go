package routing_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

func TestPriorityIsTheMostUrgentThatHolds(t *testing.T) {
	m := waterstad(t)
	date := func(kind, day, month, year string) form.Answers {
		return form.Answers{
			"hard_date": {kind}, "hard_date.day": {day}, "hard_date.month": {month}, "hard_date.year": {year},
		}
	}
	for name, tt := range map[string]struct {
		in   form.Answers
		want municipality.Priority
	}{
		"nothing answered":                 {form.Answers{}, municipality.P3},
		"all skipped":                      {form.Answers{"safe_now": {}, "basics": {}, "hard_date": {}, "birth_year": {}}, municipality.P3},
		"all well":                         {form.Answers{"safe_now": {"yes"}, "basics": {"nothing"}, "hard_date": {"none"}, "hide_from": {"no"}}, municipality.P3},
		"not safe":                         {form.Answers{"safe_now": {"no"}}, municipality.P1},
		"sometimes not safe":               {form.Answers{"safe_now": {"sometimes"}}, municipality.P1},
		"rather not say whether safe":      {form.Answers{"safe_now": {"rather_not"}}, municipality.P2},
		"does not know what is missing":    {form.Answers{"basics": {"unknown"}}, municipality.P3},
		"no food":                          {form.Answers{"basics": {"food"}}, municipality.P1},
		"no bed, no medicine":              {form.Answers{"basics": {"bed", "medicine"}}, municipality.P1},
		"something else is missing":        {form.Answers{"basics": {"other"}}, municipality.P1},
		"a call today":                     {form.Answers{"call_today": {"yes"}}, municipality.P1},
		"no call today":                    {form.Answers{"call_today": {"no"}}, municipality.P3},
		"hiding from somebody":             {form.Answers{"hide_from": {"yes"}}, municipality.P2},
		"rather not say who must not know": {form.Answers{"hide_from": {"rather_not"}}, municipality.P2},
		"a child alone, 15 this year":      {form.Answers{"birth_year": {"2011"}, "for_whom": {"myself"}}, municipality.P2},
		"a child who skipped for whom":     {form.Answers{"birth_year": {"2016"}}, municipality.P2},
		"a child for somebody else":        {form.Answers{"birth_year": {"2011"}, "for_whom": {"other"}}, municipality.P3},
		"16 this year":                     {form.Answers{"birth_year": {"2010"}, "for_whom": {"myself"}}, municipality.P3},
		"a date that is past":              {date("other", "1", "6", "2024"), municipality.P1},
		"today":                            {date("other", "24", "11", "2026"), municipality.P1},
		"the third working day":            {date("other", "27", "11", "2026"), municipality.P1},
		"the Sunday after it":              {date("other", "29", "11", "2026"), municipality.P1},
		"the fourth working day":           {date("other", "30", "11", "2026"), municipality.P2},
		"fourteen days":                    {date("other", "8", "12", "2026"), municipality.P2},
		"fifteen days":                     {date("other", "9", "12", "2026"), municipality.P3},
		"a date without a kind counts":     {date("", "25", "11", "2026"), municipality.P1},
		"a date that does not exist":       {date("other", "31", "11", "2026"), municipality.P3},
		"eviction without a date":          {form.Answers{"hard_date": {"eviction"}}, municipality.P2},
		"eviction in a year":               {date("eviction", "24", "11", "2027"), municipality.P2},
		"cut-off without a date":           {form.Answers{"hard_date": {"cutoff"}}, municipality.P2},
		"health insurance without a date":  {form.Answers{"hard_date": {"insurance"}}, municipality.P2},
		"eviction tomorrow":                {date("eviction", "25", "11", "2026"), municipality.P1},
		"something else without a date":    {form.Answers{"hard_date": {"other"}}, municipality.P3},
		"does not know":                    {form.Answers{"hard_date": {"unknown"}}, municipality.P3},
		"safe, but hiding, and no food":    {form.Answers{"safe_now": {"yes"}, "hide_from": {"yes"}, "basics": {"food"}}, municipality.P1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := routing.PriorityOf(tt.in, m, at(t, tuesday)); got != tt.want {
				t.Errorf("PriorityOf = %s, want %s", got, tt.want)
			}
		})
	}
}

// threat:T29
func TestPriorityCountsFromTheDayInAmsterdam(t *testing.T) {
	a := form.Answers{"hard_date": {"other"}, "hard_date.day": {"30"}, "hard_date.month": {"11"}, "hard_date.year": {"2026"}}
	beforeMidnight := time.Date(2026, 11, 24, 22, 59, 0, 0, time.UTC)
	m := waterstad(t)
	if got := routing.PriorityOf(a, m, beforeMidnight); got != municipality.P2 {
		t.Errorf("four working days ahead: %s, want P2", got)
	}
	if got := routing.PriorityOf(a, m, beforeMidnight.Add(time.Minute)); got != municipality.P1 {
		t.Errorf("a minute later, three working days ahead: %s, want P1", got)
	}
}

func TestFactsOfTakesWhatRoutingMayKnow(t *testing.T) {
	m := waterstad(t)
	for name, tt := range map[string]struct {
		in   form.Answers
		want routing.Facts
	}{
		"nothing but a place": {
			form.Answers{"postcode": {"9995 AB"}},
			routing.Facts{Area: "centrum", Priority: municipality.P3},
		},
		"no fixed address": {
			form.Answers{"no_fixed": {"yes"}, "area": {"zuid"}},
			routing.Facts{Area: "zuid", Priority: municipality.P3},
		},
		"out of area": {
			form.Answers{"postcode": {"1234 AB"}, "area": {"west"}},
			routing.Facts{Priority: municipality.P3},
		},
		"everything": {
			form.Answers{
				"postcode": {"9991 AB"}, "children": {"yes"}, "areas": {"housing", "money", "moneys"}, "area_main": {"housing"},
				"safe_now": {"no"}, "language": {"ar"}, "language.interpreter": {"yes"}, "experience": {"yes"}, "birth_year": {"1980"},
			},
			routing.Facts{
				Area: "noord", Children: true, AgeBand: routing.Adult, Priority: municipality.P1, Safety: true,
				LifeAreas: []municipality.LifeArea{municipality.Money, municipality.Housing}, Main: municipality.Housing,
				Language: "ar", Interpreter: true, Experience: true,
			},
		},
		"one life area alone is the main one": {
			form.Answers{"areas": {"caring"}},
			routing.Facts{
				Priority: municipality.P3, LifeAreas: []municipality.LifeArea{municipality.Caring}, Main: municipality.Caring,
			},
		},
		"a main life area that is not among them is none": {
			form.Answers{"areas": {"caring", "money"}, "area_main": {"work"}},
			routing.Facts{
				Priority: municipality.P3, LifeAreas: []municipality.LifeArea{municipality.Money, municipality.Caring},
			},
		},
		"a language that is not on offer": {
			form.Answers{"language": {"other"}, "children": {"no"}},
			routing.Facts{Priority: municipality.P3},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tt.want.CaseID, tt.want.Reported = "c1", at(t, tuesday).UTC()
			got := routing.FactsOf(tt.in, m, "c1", at(t, tuesday))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAgeBandGoesByTheAgeReachedThisYear(t *testing.T) {
	m := waterstad(t)
	for born, want := range map[string]routing.AgeBand{
		"2026": routing.Under12, "2015": routing.Under12, "2014": routing.Under16, "2011": routing.Under16,
		"2010": routing.Under18, "2009": routing.Under18, "2008": routing.Adult, "1920": routing.Adult,
		"2027": "", "": "", "oud": "",
	} {
		got := routing.FactsOf(form.Answers{"birth_year": {born}}, m, "c1", at(t, tuesday))
		if got.AgeBand != want {
			t.Errorf("born %q: age band %q, want %q", born, got.AgeBand, want)
		}
	}
}

func TestWeightIsThreeTwoOne(t *testing.T) {
	for p, want := range map[municipality.Priority]int{municipality.P1: 3, municipality.P2: 2, municipality.P3: 1} {
		if got := routing.Weight(p); got != want {
			t.Errorf("Weight(%s) = %d, want %d", p, got, want)
		}
	}
}

// Feature A17 and domain.md §5: what is never an input cannot be, by type.
func TestFactsHoldNothingThatIsNeverAnInput(t *testing.T) {
	never := []string{
		"helper", "companion", "give", "reciproc", "going", "story", "name", "national", "sex", "gender", "goal", "phone",
		"email", "address", "postcode",
	}
	for field := range reflect.TypeFor[routing.Facts]().Fields() {
		for _, word := range never {
			if strings.Contains(strings.ToLower(field.Name+" "+field.Tag.Get("json")), word) {
				t.Errorf("Facts has %s, and %s is never an input", field.Name, word)
			}
		}
	}
	allowed := []string{
		"CaseID", "Reported", "Area", "AgeBand", "Children", "LifeAreas", "Main", "Priority", "Safety", "Language",
		"Interpreter", "Experience", "ChildAlone", "KnownWorker", "Match", "Excluded",
	}
	for field := range reflect.TypeFor[routing.Facts]().Fields() {
		if !slices.Contains(allowed, field.Name) {
			t.Errorf("Facts has %s, which is not on the closed list", field.Name)
		}
	}
}

// D7: words that stand out for the eye change no fact, whichever of the municipality's they are.
func TestWordsThatStandOutDecideNothing(t *testing.T) {
	m, reported := waterstad(t), at(t, tuesday)
	answers := form.Answers{"areas": {"money"}, "postcode": {"9991 AB"}, "story": {"De huur loopt op."}}
	want := routing.FactsOf(answers, m, "case", reported)
	for _, word := range slices.Concat(m.SeeWords, m.WarnWords) {
		answers["story"] = []string{"Let op: " + word}
		if !slices.ContainsFunc(form.Highlight(answers.One("story"), m), func(p form.Part) bool { return p.Stands }) {
			t.Errorf("%q does not stand out", word)
		}
		if diff := cmp.Diff(want, routing.FactsOf(answers, m, "case", reported)); diff != "" {
			t.Errorf("%q changes the facts:\n%s", word, diff)
		}
	}
}
