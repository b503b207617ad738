package form

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// threat:T01
func TestSafetyFlag(t *testing.T) {
	for name, test := range map[string]struct {
		in   Answers
		want bool
	}{
		"nothing was asked":                   {Answers{}, false},
		"both were skipped":                   {Answers{"hide_from": {}, "safe_now": {}}, false},
		"nobody to hide from, and safe":       {Answers{"hide_from": {"no"}, "safe_now": {"yes"}}, false},
		"somebody to hide from":               {Answers{"hide_from": {"yes"}}, true},
		"rather not say whom to hide from":    {Answers{"hide_from": {"rather_not"}}, true},
		"not safe":                            {Answers{"safe_now": {"no"}}, true},
		"sometimes not safe":                  {Answers{"safe_now": {"sometimes"}}, true},
		"rather not say whether it is safe":   {Answers{"safe_now": {"rather_not"}}, true},
		"safe, but somebody to hide from":     {Answers{"hide_from": {"yes"}, "safe_now": {"yes"}}, true},
		"an answer that is anything but safe": {Answers{"safe_now": {"what?"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.in.SafetyFlag(); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestChildAlone(t *testing.T) {
	today := time.Date(2026, time.November, 27, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		in   Answers
		want bool
	}{
		"no birth year":                       {Answers{}, false},
		"skipped":                             {Answers{"birth_year": {}}, false},
		"turns 15 this year":                  {Answers{"birth_year": {"2011"}}, true},
		"turns 16 this year":                  {Answers{"birth_year": {"2010"}}, false},
		"grown up":                            {Answers{"birth_year": {"1980"}}, false},
		"a child asks for its household":      {Answers{"birth_year": {"2014"}, "for_whom": {"household"}}, true},
		"somebody else asks for a child":      {Answers{"birth_year": {"2014"}, "for_whom": {"other"}}, false},
		"a birth year that is no year at all": {Answers{"birth_year": {"lang geleden"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.in.ChildAlone(today); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestTheYearIsThatOfAmsterdam(t *testing.T) {
	newYear := time.Date(2026, time.December, 31, 23, 30, 0, 0, time.UTC) // half past midnight in Amsterdam
	if (Answers{"birth_year": {"2011"}}).ChildAlone(newYear) {
		t.Error("who turns 16 in the new year counts as 15")
	}
	if code, _ := fault("2027", Year.tag(newYear)); code != "" {
		t.Errorf("born in the new year: %q", code)
	}
}

func TestWarnWord(t *testing.T) {
	for name, test := range map[string]struct {
		story string
		want  bool
	}{
		"no story":                               {"", false},
		"nothing of the list":                    {"Ik kan de huur niet betalen.", false},
		"a whole word":                           {"Er ligt een mes.", true},
		"the start of a longer word":             {"Hij praat over zelfmoordgedachten", true},
		"in capitals":                            {"ZELFMOORD", true},
		"inside a word only":                     {"We doen aan bloemesters", false},
		"with its accent":                        {"ik denk aan suïcide", true},
		"without its accent":                     {"ik denk aan suicide", true},
		"behind a bracket and a line break":      {"ik zag\n(mes)", true},
		"two words with a line break in between": {"we moeten het huis\nuit", true},
		"only the first of two words":            {"we blijven in huis, niet uit", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := WarnWord(Answers{"story": {test.story}}, context(Full).Municipality); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestAWarnListWithAnEmptyWordWarnsOfNothing(t *testing.T) {
	m := context(Full).Municipality
	m.WarnWords = []string{"", " - "}
	if WarnWord(Answers{"story": {"Ik zoek een huis."}}, m) {
		t.Error("an empty word was found")
	}
}

func TestPeople(t *testing.T) {
	a := Answers{
		"helpers.1.name": {}, "helpers.1.relation": {}, "helpers.1.with": {},
		"helpers.2.name": {"Bo"}, "helpers.2.relation": {"friend"}, "helpers.2.with": {"boodschappen"},
		"helpers.4.relation": {"neighbour"},
		"companion.1.name":   {"Noor"},
	}
	want := []Person{{Row: 2, Name: "Bo", Relation: "friend", With: "boodschappen"}, {Row: 4, Relation: "neighbour"}}
	if diff := cmp.Diff(want, a.People("helpers")); diff != "" {
		t.Errorf("helpers (-want +got):\n%s", diff)
	}
	if got := a.People("nobody"); got != nil {
		t.Errorf("got %v for a question that was not asked", got)
	}
}

func TestPeopleLooksForEveryRowThatIsAsked(t *testing.T) {
	for _, p := range Core().Pages {
		for _, q := range p.Questions {
			if q.Type == People && q.Max > maxRows {
				t.Errorf("%s asks for %d people, and People finds %d", q.Key, q.Max, maxRows)
			}
		}
	}
}

func TestDate(t *testing.T) {
	date := func(day, month, year string) Answers {
		return Answers{"d.day": {day}, "d.month": {month}, "d.year": {year}}
	}
	for name, test := range map[string]struct {
		in   Answers
		want string // "" for none
	}{
		"not asked":           {Answers{}, ""},
		"a day in the future": {date("1", "12", "2026"), "2026-12-01"},
		"a day in the past":   {date("01", "02", "2020"), "2020-02-01"},
		"a leap day":          {date("29", "2", "2028"), "2028-02-29"},
		"no leap day":         {date("29", "2", "2027"), ""},
		"the 31st of June":    {date("31", "6", "2027"), ""},
		"a thirteenth month":  {date("1", "13", "2027"), ""},
		"day zero":            {date("0", "1", "2027"), ""},
		"a year of two signs": {date("1", "1", "27"), "2027-01-01"},
		"a part is missing":   {date("1", "", "2027"), ""},
		"below zero":          {date("-1", "1", "2027"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := test.in.Date("d")
			if ok != (test.want != "") || ok && got.Format(time.DateOnly) != test.want {
				t.Errorf("got %v %v, want %q", got, ok, test.want)
			}
		})
	}
}

// T01: how to reach somebody who no longer comes along does not stay beside another's name.
//
// threat:T01
func TestWhoNoLongerComesAlongIsNotReached(t *testing.T) {
	before := Answers{
		"helpers": {"named"}, "helpers.1.name": {"Mo"}, "helpers.2.name": {"Noor"},
		"companion": {"helper"}, "companion.helpers": {"1"},
		"companion_contact.phone": {"0612345678"}, "companion_contact.email": {}, "companion_contact.knows": {"yes"},
	}
	for name, test := range map[string]struct {
		page string
		in   Answers
		kept bool
	}{
		"the helper is taken away":               {"11", Answers{"helpers": {"named"}, "helpers.2.name": {"Noor"}}, false},
		"another is written over the helper":     {"11", Answers{"helpers": {"named"}, "helpers.1.name": {"Noor"}}, false},
		"another helper comes along":             {"12", Answers{"companion": {"helper"}, "companion.helpers": {"2"}}, false},
		"somebody else comes along":              {"12", Answers{"companion": {"other"}, "companion.1.name": {"Bo"}}, false},
		"nobody comes along":                     {"12", Answers{"companion": {"alone"}, "companion.helpers": {"1"}}, false},
		"a second helper comes along":            {"12", Answers{"companion": {"helper"}, "companion.helpers": {"1", "2"}}, true},
		"the helper is said to be a neighbour":   {"11", Answers{"helpers": {"named"}, "helpers.1.name": {"Mo"}, "helpers.1.relation": {"neighbour"}}, true},
		"the helper who stays behind is no more": {"11", Answers{"helpers": {"named"}, "helpers.1.name": {"Mo"}}, true},
		"another question is answered":           {"23", Answers{"story": {"Ik kom er niet uit."}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			got := before.Merge(asked(t, test.page), test.in)
			if kept := got.Has("companion_contact.phone", "0612345678") && got.Has("companion_contact.knows", "yes"); kept != test.kept {
				t.Errorf("kept %v, want %v: %v", kept, test.kept, got)
			}
		})
	}
}

func TestMergeReplacesOnePage(t *testing.T) {
	page, _ := Core().Ask("27", nil, context(Full))
	before := Answers{"story": {"Hoi"}, "children": {"yes"}, "children.number": {"2"}}
	got := before.Merge(page, Answers{"children": {"no"}, "story": {"gekaapt"}})
	want := Answers{"story": {"Hoi"}, "children": {"no"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
	if before.One("children") != "yes" {
		t.Error("Merge changed the answers it was called on")
	}
	if got := Answers(nil).Merge(page, want); got.One("children") != "no" {
		t.Errorf("merged into nothing: %v", got)
	}
}
