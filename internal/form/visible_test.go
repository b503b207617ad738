package form

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A11: what is asked follows from what was answered, and only from what is still asked.
//
// feature:A11
func TestVisible(t *testing.T) {
	companion := Answers{"companion": {"other"}, "hide_from": {"no"}, "invite_how": {"you"}, "companion_contact.phone": {"0612345678"}}
	for name, test := range map[string]struct {
		in      Answers
		shown   []string // fields
		hidden  []string
		callsMe bool
	}{
		"nothing answered": {
			nil,
			[]string{"helpers", "companion", "hide_from", "for_whom", "hard_date", "hard_date.day", "safe_contact", "postcode"},
			[]string{"companion.helpers", "companion.1.name", "invite_how", "area_main", "children.number", "call_today", "phone", "area", "orgs_now.other", "give_back.what"},
			false,
		},
		"a companion and nobody to hide from": {
			companion,
			[]string{"companion.1.name", "invite_how", "companion_contact.phone", "companion_contact.knows"},
			nil, false,
		},
		"a companion is taken back: what hung on it closes too": {
			companion.with("companion", "alone"), nil,
			[]string{"companion.1.name", "invite_how", "companion_contact.phone"},
			false,
		},
		"somebody to hide from: no contact data of helpers": {
			companion.with("hide_from", "yes"),
			[]string{"companion.1.name"},
			[]string{"invite_how", "companion_contact.phone"},
			false,
		},
		"hide_from skipped: no contact data either": {
			companion.with("hide_from"), nil, []string{"invite_how", "companion_contact.phone"}, false,
		},
		"the resident asks the companion": {
			companion.with("invite_how", "me"),
			[]string{"invite_how"},
			[]string{"companion_contact.phone"},
			false,
		},
		"a helper comes along": {
			Answers{"helpers.1.name": {"Bo"}, "companion": {"helper"}, "hide_from": {"no"}},
			[]string{"companion.helpers", "invite_how"},
			[]string{"companion.1.name"},
			false,
		},
		"a helper comes along who is no longer named": {
			Answers{"companion": {"helper"}, "companion.helpers": {"1"}, "hide_from": {"no"}},
			[]string{"companion"},
			[]string{"companion.helpers", "invite_how"},
			false,
		},
		"one life area":  {Answers{"areas": {"money"}}, nil, []string{"area_main"}, false},
		"two life areas": {Answers{"areas": {"money", "mind"}}, []string{"area_main"}, nil, false},
		"two life areas of which one does not exist": {
			Answers{"areas": {"money", "mars"}}, nil, []string{"area_main"}, false,
		},
		"no hard date":                   {Answers{"hard_date": {"none"}}, nil, []string{"hard_date.day"}, false},
		"a hard date of an unknown kind": {Answers{"hard_date": {"other"}}, []string{"hard_date.day"}, nil, false},
		"children":                       {Answers{"children": {"yes"}}, []string{"children.number", "children.ages"}, nil, false},
		"a word of the list in the story": {
			Answers{"story": {"Er ligt een mes."}}, []string{"call_today"}, nil, false,
		},
		"call and letter": {Answers{"contact_way": {"call", "letter"}}, []string{"phone", "address"}, []string{"email"}, false},
		"no fixed address": {
			Answers{"no_fixed": {"yes"}, "postcode": {"9991 AB"}}, []string{"area"}, []string{"postcode", "house_number"}, false,
		},
		"an organisation that is not on the list": {
			Answers{"orgs_now": {"ggz", "other"}}, []string{"orgs_now.other"}, nil, false,
		},
		"nobody helps yet": {Answers{"orgs_now": {"nobody"}}, []string{"orgs_now"}, []string{"orgs_now.other"}, false},
		"something to give, told now": {
			Answers{"give_back": {"yes"}}, []string{"give_back.what"}, nil, false,
		},
		"for somebody else: nothing is asked back": {
			Answers{"for_whom": {"other"}, "give_back": {"yes"}, "give_back.what": {"koken"}},
			[]string{"going_well"},
			[]string{"give_back", "give_back.what"},
			false,
		},
		"Bel mij": {
			companion.with("story", "mes"),
			[]string{"helpers", "safe_now", "postcode", "language", "language.interpreter"},
			[]string{
				"companion", "hide_from", "invite_how", "story", "call_today", "safe_contact", "birth_year", "orgs_now", "place", "give_back",
			},
			true,
		},
		"Bel mij, and not safe":                       {Answers{"safe_now": {"no"}}, []string{"safe_contact"}, nil, true},
		"Bel mij, and a flag from the other way only": {Answers{"hide_from": {"yes"}}, nil, []string{"safe_contact"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			path := Full
			if test.callsMe {
				path = CallMe
			}
			fields := fieldsOf(Core().Visible(test.in, context(path)))
			for _, field := range test.shown {
				if !slices.Contains(fields, field) {
					t.Errorf("%s is hidden", field)
				}
			}
			for _, field := range test.hidden {
				if slices.Contains(fields, field) {
					t.Errorf("%s is shown", field)
				}
			}
		})
	}
}

func TestPagesToReadAreVisible(t *testing.T) {
	notices := func(a Answers) (keys []string) {
		for _, p := range Core().Visible(a, context(Full)) {
			if p.Notice != "" {
				keys = append(keys, p.Notice)
			}
		}
		return keys
	}
	if diff := cmp.Diff([]string{"numbers"}, notices(nil)); diff != "" {
		t.Errorf("for oneself (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"talk_safely", "numbers"}, notices(Answers{"for_whom": {"other"}})); diff != "" {
		t.Errorf("for someone else (-want +got):\n%s", diff)
	}
}

func TestOptionsAreWhatIsOnOffer(t *testing.T) {
	for name, test := range map[string]struct {
		page string
		in   Answers
		key  string
		want []string
	}{
		"a helper can come along once named": {"12", Answers{"helpers.1.name": {"Bo"}}, "companion", []string{"helper", "other", "unknown", "alone", "supporter"}},
		"without helpers none can":           {"12", nil, "companion", []string{"other", "unknown", "alone", "supporter"}},
		"helpers by row":                     {"12", Answers{"helpers.2.name": {"Bo"}, "helpers.5.with": {"koken"}}, "companion.helpers", []string{"2", "5"}},
		"the main one of those chosen":       {"25", Answers{"areas": {"mind", "money"}}, "area_main", []string{"mind", "money", "unknown"}},
		"what is safe of what was chosen":    {"53", Answers{"contact_way": {"call", "letter"}}, "safe_contact", []string{"call", "letter", "none"}},
		"the municipality's areas":           {"54", nil, "area", []string{"noord", "zuid"}},
	} {
		t.Run(name, func(t *testing.T) {
			page, ok := Core().Ask(test.page, test.in, context(Full))
			if !ok {
				t.Fatal("page is not visible")
			}
			i := slices.IndexFunc(page.Questions, func(q Question) bool { return q.Key == test.key })
			if i < 0 {
				t.Fatal("question is not asked")
			}
			if diff := cmp.Diff(test.want, page.Questions[i].Options); diff != "" {
				t.Errorf("options (-want +got):\n%s", diff)
			}
		})
	}
}

// A7: without JavaScript a page shows at once what an answer on it may bring.
//
// feature:A7
func TestAskShowsWhatThePageMayBring(t *testing.T) {
	for name, test := range map[string]struct {
		page string
		in   Answers
		want []string
	}{
		"every way with its field":      {"52", nil, []string{"contact_way", "phone", "email", "address"}},
		"a companion without helpers":   {"12", nil, []string{"companion", "companion.1.name", "companion.2.name"}},
		"a companion out of helpers":    {"12", Answers{"helpers.1.name": {"Bo"}}, []string{"companion", "companion.helpers", "companion.1.name", "companion.2.name"}},
		"a place, or no fixed address":  {"54", nil, []string{"postcode", "house_number", "no_fixed", "area"}},
		"no fixed address, taken back":  {"54", Answers{"no_fixed": {"yes"}}, []string{"postcode", "house_number", "no_fixed", "area"}},
		"what no answer here can bring": {"51", nil, []string{"call_name"}},
	} {
		t.Run(name, func(t *testing.T) {
			page, ok := Core().Ask(test.page, test.in, context(Full))
			if !ok {
				t.Fatal("page is not visible")
			}
			if diff := cmp.Diff(test.want, page.Fields()); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
	if _, ok := Core().Ask("25", nil, context(Full)); ok {
		t.Error("a page that is not visible was asked")
	}
	if _, ok := Core().Ask("99", nil, context(Full)); ok {
		t.Error("a page that does not exist was asked")
	}
}

// Every part of a condition that is set must hold.
func TestConditions(t *testing.T) {
	a := Answers{"story": {"mes"}, "areas": {"money", "mind"}, "goal": {}, "birth_year": {"2014"}}
	areas, goal := Condition{Key: "areas"}, Condition{Key: "goal"}
	for name, test := range map[string]struct {
		in   Condition
		want bool
	}{
		"an empty one":                       {Condition{}, true},
		"a key with a value":                 {areas, true},
		"a key that was skipped":             {goal, false},
		"a key that was not asked":           {Condition{Key: "hide_from"}, false},
		"one of the values":                  {Condition{Key: "areas", In: []string{"work", "mind"}}, true},
		"none of the values":                 {Condition{Key: "areas", In: []string{"work"}}, false},
		"two values":                         {Condition{Key: "areas", Many: 2}, true},
		"three values":                       {Condition{Key: "areas", Many: 3}, false},
		"all, and all hold":                  {Condition{All: []Condition{areas, {}}}, true},
		"all, and one does not":              {Condition{All: []Condition{areas, goal}}, false},
		"any, and one holds":                 {Condition{Any: []Condition{goal, areas}}, true},
		"any, and none holds":                {Condition{Any: []Condition{goal, goal}}, false},
		"not what holds":                     {Condition{Not: &areas}, false},
		"not what does not hold":             {Condition{Not: &goal}, true},
		"two parts of which one does not":    {Condition{Key: "areas", Not: &areas}, false},
		"the path":                           {Condition{Key: derivedPath, In: []string{string(Full)}}, true},
		"the other path":                     {Condition{Key: derivedPath, In: []string{string(CallMe)}}, false},
		"a warn word":                        {Condition{Key: derivedWarnWord}, true},
		"a child alone, as a plain yes":      {Condition{Key: derivedChildAlone, In: []string{"yes"}}, true},
		"no safety flag":                     {Condition{Key: derivedSafetyFlag}, false},
		"no helpers named":                   {Condition{Key: derivedHelpersNamed, In: []string{"yes"}}, false},
		"nested: not any of what is skipped": {Condition{Not: &Condition{Any: []Condition{goal}}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := Core()
			d.Pages = append(slices.Clone(d.Pages), Page{ID: "99", Paths: []Path{Full}, Show: &test.in, Notice: "here"})
			if _, got := byID(d.Visible(a, context(Full)), "99"); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// A question may hang on an answer of its own page in any part of its condition.
func TestAskLooksIntoEveryPartOfACondition(t *testing.T) {
	hangs := Condition{Key: "a", In: []string{"yes"}}
	elsewhere := Condition{Key: "hide_from", In: []string{"yes"}}
	for name, test := range map[string]struct {
		in   Condition
		want bool
	}{
		"the condition itself":     {hangs, true},
		"one of all":               {Condition{All: []Condition{elsewhere, hangs}}, true},
		"one of any":               {Condition{Any: []Condition{elsewhere, hangs}}, true},
		"what may not hold":        {Condition{Key: "hide_from", Not: &hangs}, true},
		"an answer elsewhere only": {Condition{All: []Condition{elsewhere}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := Definition{Pages: []Page{{ID: "71", Paths: []Path{Full}, Questions: []Question{
				{Key: "a", Type: Confirm}, {Key: "b", Type: Line, Show: &test.in},
			}}}}
			page, _ := d.Ask("71", nil, context(Full))
			if got := slices.Contains(page.Fields(), "b"); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestRequiredIsSettled(t *testing.T) {
	required := func(a Answers) (keys []string) {
		for _, p := range Core().Visible(a, context(Full)) {
			for _, q := range p.Questions {
				if q.Required != nil {
					if diff := cmp.Diff(&Condition{}, q.Required); diff != "" {
						t.Errorf("%s is required on a condition:\n%s", q.Key, diff)
					}
					keys = append(keys, q.Key)
				}
			}
		}
		return keys
	}
	if diff := cmp.Diff([]string{"call_name", "contact_way", "postcode"}, required(nil)); diff != "" {
		t.Errorf("without a flag (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"call_name", "contact_way", "safe_contact", "postcode"}, required(Answers{"hide_from": {"yes"}})); diff != "" {
		t.Errorf("under the flag (-want +got):\n%s", diff)
	}
}

// A11: answer, go back, change, go on: nothing orphaned is left, and what was closed stays closed when it opens again.
//
// feature:A11
func TestWhatWasClosedStaysClosed(t *testing.T) {
	c := context(Full)
	var draft Answers
	send := func(page string, fields url.Values) {
		t.Helper()
		p, ok := Core().Ask(page, draft, c)
		if !ok {
			t.Fatalf("page %s is not asked", page)
		}
		draft = draft.Merge(p, p.Parse(fields))
		if problems := Core().Check(p, draft, c); problems != nil {
			t.Fatalf("page %s: %v", page, problems)
		}
		draft = Core().Clean(draft, c)
	}
	send("12", url.Values{"companion": {"other"}, "companion.1.name": {"Noor"}})
	send("13", url.Values{"hide_from": {"no"}})
	send("14", url.Values{"invite_how": {"you"}})
	send("15", url.Values{"companion_contact.phone": {"0612345678"}, "companion_contact.knows": {"yes"}})
	send("52", url.Values{"contact_way": {"call"}, "phone": {"0687654321"}})

	send("13", url.Values{"hide_from": {"yes"}})
	send("52", url.Values{"contact_way": {"come_by"}, "phone": {"0687654321"}})
	for field := range draft {
		if strings.HasPrefix(field, "companion_contact") || field == "invite_how" || field == "phone" {
			t.Errorf("%s is left", field)
		}
	}

	send("13", url.Values{"hide_from": {"no"}})
	send("14", url.Values{"invite_how": {"you"}})
	if _, asked := draft["companion_contact.phone"]; asked {
		t.Error("the companion's number came back")
	}
	if got := draft.One("companion.1.name"); got != "Noor" {
		t.Errorf("companion %q, want the one that stayed visible", got)
	}
}

// Not asked, skipped, and "I do not know" are three different things.
func TestNotAskedSkippedAndUnknownDiffer(t *testing.T) {
	got := Core().Clean(Answers{"hide_from": {}, "hard_date": {"unknown"}, "goal": {""}, "area_main": {"money"}}, context(Full))
	want := Answers{"hide_from": {}, "hard_date": {"unknown"}, "goal": {}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("clean (-want +got):\n%s", diff)
	}
}

// A choice that has gone is reported when it is sent, and not asked yet for the draft.
func TestAChoiceThatIsNoLongerOnOffer(t *testing.T) {
	a := Answers{"areas": {"mind", "work"}, "area_main": {"money"}}
	want := []Problem{{Page: "25", Field: "area_main", Key: "area_main", Code: CodeChoice}}
	if diff := cmp.Diff(want, Core().Check(Page{ID: "25"}, a, context(Full))); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	clean := Core().Clean(a, context(Full))
	if _, asked := clean["area_main"]; asked {
		t.Error("the gone choice was kept")
	}
	if problems := Core().Check(Page{ID: "25"}, clean, context(Full)); problems != nil {
		t.Errorf("clean answers have problems: %v", problems)
	}
}

func TestAHiddenPageHasNoProblems(t *testing.T) {
	a := Answers{"companion_contact.phone": {"nee"}}
	if problems := Core().Check(Page{ID: "15"}, a, context(Full)); problems != nil {
		t.Errorf("problems: %v", problems)
	}
}

// The shared definition stays as it is, however it is looked at.
func TestLookingChangesNoDefinition(t *testing.T) {
	before := Core()
	before.Pages = slices.Clone(before.Pages)
	for i, p := range before.Pages {
		before.Pages[i].Questions = slices.Clone(p.Questions)
		for j, q := range p.Questions {
			before.Pages[i].Questions[j].Options = slices.Clone(q.Options)
		}
	}
	a := Answers{"helpers.1.name": {"Bo"}, "contact_way": {"call"}, "safe_now": {"no"}, "areas": {"money", "mind"}}
	for _, p := range Core().Visible(a, context(Full)) {
		Core().Ask(p.ID, a, context(Full))
	}
	if diff := cmp.Diff(before, Core()); diff != "" {
		t.Errorf("definition (-before +after):\n%s", diff)
	}
}
