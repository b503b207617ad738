package form

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"voordeur/internal/municipality"
	"voordeur/schemas"
)

// context returns what checks need to know, on 27 November 2026 in a fictional municipality.
func context(path Path) Context {
	return Context{
		Path:  path,
		Today: time.Date(2026, time.November, 27, 12, 0, 0, 0, time.UTC),
		Municipality: &municipality.Municipality{
			Areas: []municipality.Area{
				{ID: "noord", Postcodes: []municipality.PostcodeRange{{From: 9990, To: 9993}}},
				{ID: "zuid", Postcodes: []municipality.PostcodeRange{{From: 9997, To: 9999}}},
			},
			Organisations: []municipality.Organisation{{ID: "ggz", Name: "GGZ De Luwte"}, {ID: "taalhuis", Name: "Taalhuis"}},
			WarnWords:     []string{"zelfmoord", "suïcide", "mes", "huis uit"},
		},
	}
}

func formSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := schemas.Schema("2026-11", "form")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("form.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("form.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestTheCoreFormFitsItsSchema(t *testing.T) {
	definition, err := jsonschema.UnmarshalJSON(bytes.NewReader(coreFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := formSchema(t).Validate(definition); err != nil {
		t.Error(err)
	}
	if got, want := Core().Version, "2026-11"; got != want {
		t.Errorf("version %q, want %q", got, want)
	}
	decoder := json.NewDecoder(bytes.NewReader(coreFile))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(new(Definition)); err != nil {
		t.Errorf("the file holds what the type does not: %v", err)
	}
}

// What domain.md §2 asks, in its order: each question with its page, its paths, what it takes and what it offers. A change
// here is a change of the domain, or a slip.
func TestTheCoreFormAsksWhatTheDomainSays(t *testing.T) {
	want := []string{
		"11 form/call_me/card helpers people 5: partner parent child family friend neighbour colleague school volunteer other",
		"11 form/call_me/card helpers choice: named none unknown rather_not",
		"12 form/card companion choice: helper other unknown alone supporter",
		"12 form/card companion.helpers helpers 2 from helpers",
		"12 form/card companion people 2",
		"13 form hide_from choice: no yes rather_not, folded",
		"14 form invite_how choice: me you, first me",
		"15 form companion_contact.phone phone",
		"15 form companion_contact.email email",
		"15 form companion_contact.knows confirm",
		"21 form for_whom choice: myself household other",
		"23 form story story, folded",
		"24 form areas multi: money housing work home children mind body addiction household people caring justice papers other unknown",
		"25 form area_main choice from areas: unknown",
		"26 form hard_date choice: none eviction cutoff insurance other unknown",
		"26 form hard_date date",
		"27 form children choice: yes no unknown",
		"27 form children.number number",
		"27 form children.ages line",
		"28 form goal story",
		"32 form/call_me safe_now choice: yes sometimes no rather_not, folded",
		"33 form basics multi: food bed medicine other nothing unknown, alone nothing, folded",
		"34 form call_today choice: yes no",
		"41 form orgs_now multi from municipality_organisations: other nobody unknown, alone nobody",
		"41 form orgs_now.other line",
		"42 form known_worker line",
		"43 form open_report choice: yes no unknown",
		"51 form/call_me/card call_name name",
		"52 form/call_me/card contact_way multi: call text email letter come_by",
		"52 form/call_me/card phone phone",
		"52 form/call_me/card email email",
		"52 form/call_me/card address line",
		"53 form/call_me safe_contact multi from contact_way: none, alone none",
		"53 form/call_me safe_contact.when line",
		"53 form/call_me safe_contact.message choice: yes no unknown",
		"54 form/call_me/card postcode postcode",
		"54 form/call_me/card house_number short",
		"54 form/call_me/card no_fixed confirm",
		"54 form/call_me/card area choice from municipality_areas",
		"55 form birth_year year",
		"61 form/call_me language choice: nl en ar tr uk pl ti so other",
		"61 form/call_me language.interpreter choice: yes no unknown",
		"62 form place choice: home community outside phone video unknown",
		"63 form moment multi: morning afternoon evening any unknown, alone any",
		"64 form access_needs line",
		"65 form experience choice: yes no later",
		"71 form going_well story",
		"72 form give_back choice: later yes no, first later",
		"72 form give_back.what line",
	}
	var got []string
	for _, p := range Core().Pages {
		for _, q := range p.Questions {
			got = append(got, p.ID+" "+said(p, q))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the form (-domain +core.json):\n%s", diff)
	}
}

func said(p Page, q Question) string {
	var paths []string
	for _, path := range p.Paths {
		paths = append(paths, string(path))
	}
	line := fmt.Sprintf("%s %s %s", strings.Join(paths, "/"), q.Key, q.Type)
	if q.Max > 0 {
		line += fmt.Sprintf(" %d", q.Max)
	}
	if q.From != "" {
		line += " from " + q.From
	}
	if len(q.Options) > 0 {
		line += ": " + strings.Join(q.Options, " ")
	}
	if q.Default != "" {
		line += ", first " + q.Default
	}
	if q.Alone != "" {
		line += ", alone " + q.Alone
	}
	if q.Folded {
		line += ", folded"
	}
	return line
}

// A18: no BSN, no upload, no login, by schema.
//
// feature:A18
func TestTheSchemaRefusesWhatIsNoForm(t *testing.T) {
	schema := formSchema(t)
	page := func(questions string) string {
		return `{"version":"2026-11","pages":[{"id":"11","section":1,"paths":["form"],"questions":[` + questions + `]}]}`
	}
	for name, definition := range map[string]string{
		"a version that is no month":             strings.Replace(page(`{"key":"a","type":"line"}`), "2026-11", "2026-13", 1),
		"a page id that says something":          strings.Replace(page(`{"key":"a","type":"line"}`), `"11"`, `"debts"`, 1),
		"a page with neither question nor text":  page(``),
		"a question without a key":               page(`{"type":"line"}`),
		"a question of an unknown type":          page(`{"key":"a","type":"file"}`),
		"a question that asks for a BSN":         page(`{"key":"a","type":"bsn"}`),
		"a question with a password":             page(`{"key":"a","type":"password"}`),
		"a question with an unknown property":    page(`{"key":"a","type":"line","pattern":"x"}`),
		"a choice without options":               page(`{"key":"a","type":"choice"}`),
		"a choice with an empty list":            page(`{"key":"a","type":"choice","options":[]}`),
		"a choice with an option twice":          page(`{"key":"a","type":"choice","options":["b","b"]}`),
		"an option with a space":                 page(`{"key":"a","type":"choice","options":["b c"]}`),
		"options on a line":                      page(`{"key":"a","type":"line","options":["b"]}`),
		"people without a number of rows":        page(`{"key":"a","type":"people"}`),
		"people with relation and no relations":  page(`{"key":"a","type":"people","max":2,"relation":true}`),
		"a pick of helpers from nowhere":         page(`{"key":"a","type":"helpers","max":2}`),
		"an excluding option on a single choice": page(`{"key":"a","type":"choice","options":["b"],"alone":"b"}`),
		"a condition with values and no key":     page(`{"key":"a","type":"line","show":{"in":["b"]}}`),
		"a condition with an unknown part":       page(`{"key":"a","type":"line","show":{"or":[]}}`),
	} {
		t.Run(name, func(t *testing.T) {
			document, err := jsonschema.UnmarshalJSON(strings.NewReader(definition))
			if err != nil {
				t.Fatal(err)
			}
			if schema.Validate(document) == nil {
				t.Error("accepted")
			}
		})
	}
}

// A1: who could help is the first thing asked, on both ways through the form.
//
// feature:A1
func TestHelpersAreAskedFirst(t *testing.T) {
	for _, path := range []Path{Full, CallMe} {
		first := Core().Visible(nil, context(path))[0].Questions[0]
		if first.Key != "helpers" || first.Type != People {
			t.Errorf("%s begins with %q, want helpers", path, first.Key)
		}
	}
}

// C7: "Bel mij" is short, and has at most seven pages of questions in any case.
//
// feature:C7
func TestTheShortPathIsShort(t *testing.T) {
	var got []string
	for _, p := range Core().Visible(nil, context(CallMe)) {
		got = append(got, p.ID)
	}
	want := []string{"11", "32", "51", "52", "54", "61"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	const most = 7
	flagged := Core().Visible(Answers{"safe_now": {"no"}, "contact_way": {"call"}}, context(CallMe))
	if len(flagged) != most || !slices.ContainsFunc(flagged, func(p Page) bool { return p.ID == "53" }) {
		t.Errorf("%d pages under a safety flag, want %d with what is safe among them", len(flagged), most)
	}
}

// ux 11: whoever is offered a choice may say "weet ik niet", but for where something else says as much or only the
// resident can say.
//
//ux:11
func TestDoNotKnowIsOnOffer(t *testing.T) {
	otherwise := map[string]string{
		"hide_from": "rather not say", "safe_now": "rather not say", "experience": "later", "give_back": "later",
		"invite_how": "the first is marked", "for_whom": "the resident's own choice", "contact_way": "the resident's own choice",
		"safe_contact": "none of these", "call_today": "the resident's own choice", "language": "the resident's own choice",
		"area": "it is needed", "companion.helpers": "the question before it",
	}
	for _, p := range Of(withOwn()).Pages {
		for _, q := range p.Questions {
			if q.Type != Choice && q.Type != Multi && q.Type != PickHelps {
				continue
			}
			offered := slices.Contains(q.Options, Unknown)
			if reason, ok := otherwise[q.Key]; offered == ok {
				t.Errorf("%s offers it: %v, instead of it: %q", q.Key, offered, reason)
			}
		}
	}
}

func TestLifeAreasAreTheMunicipalitys(t *testing.T) {
	page, _ := Core().Ask("24", nil, context(Full))
	var want []string
	for _, area := range municipality.LifeAreas() {
		want = append(want, string(area))
	}
	if diff := cmp.Diff(append(want, Unknown), page.Questions[0].Options); diff != "" {
		t.Errorf("areas (-want +got):\n%s", diff)
	}
}

// A18: no field of the form asks for a BSN, a file or a sign-in.
//
// feature:A18
func TestNoFieldAsksForWhatTheFormMustNotHave(t *testing.T) {
	for _, field := range fieldsOf(Core().Pages) {
		for _, word := range []string{"bsn", "file", "upload", "login", "password", "digid", "nationality", "sex"} {
			if strings.Contains(field, word) {
				t.Errorf("field %s", field)
			}
		}
	}
}

// A15: who helps already is picked from the municipality's list, and "nobody" goes with nothing else.
//
// feature:A15
func TestWhoHelpsAlreadyIsPickedFromTheMunicipalitysList(t *testing.T) {
	c := context(Full)
	page, _ := Core().Ask("41", nil, c)
	if diff := cmp.Diff([]string{"ggz", "taalhuis", "other", "nobody", Unknown}, page.Questions[0].Options); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	for name, test := range map[string]struct {
		in   []string
		want Code
	}{
		"two of the list":             {[]string{"ggz", "taalhuis"}, ""},
		"nobody":                      {[]string{"nobody"}, ""},
		"nobody, and one of the list": {[]string{"ggz", "nobody"}, CodeAlone},
		"one, and do not know":        {[]string{"ggz", Unknown}, CodeAlone},
	} {
		t.Run(name, func(t *testing.T) {
			var got Code
			for _, problem := range Core().Check(page, Answers{"orgs_now": test.in}, c) {
				got = problem.Code
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if got := Core().Clean(Answers{"orgs_now": {"elsewhere"}}, c)["orgs_now"]; len(got) > 0 {
		t.Error("an organisation of another municipality is taken")
	}
}

// A17: reciprocity is free of obligation: never needed, and "later" unless the resident says otherwise.
//
// feature:A17
func TestGivingBackIsAskedLaterUnlessToldOtherwise(t *testing.T) {
	page, _ := Core().Ask("72", nil, context(Full))
	if got := page.Questions[0]; got.Default != "later" || got.Required != nil {
		t.Errorf("give_back has default %q, required %v", got.Default, got.Required)
	}
	pages := Core().Visible(nil, context(Full))
	if last := pages[len(pages)-1].ID; last != "72" {
		t.Errorf("page %s comes last, want what nothing hangs on", last)
	}
}

func fieldsOf(pages []Page) []string {
	var fields []string
	for _, p := range pages {
		fields = append(fields, p.Fields()...)
	}
	return fields
}

func TestPagesAndFieldsStandOnce(t *testing.T) {
	var ids []string
	for _, p := range Core().Pages {
		ids = append(ids, p.ID)
		if p.ID[0] != byte('0'+p.Section) {
			t.Errorf("page %s stands in section %d", p.ID, p.Section)
		}
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Errorf("page ids not rising: %v", ids)
	}
	seen := map[string]bool{}
	for _, field := range fieldsOf(Core().Pages) {
		if seen[field] {
			t.Errorf("two questions have the field %s", field)
		}
		seen[field] = true
	}
}

// The keys that domain.md §2 gives for the sections of this form; a field's name begins with one of them.
func TestFieldsBeginWithAKeyOfTheDomain(t *testing.T) {
	keys := []string{
		"helpers", "companion", "hide_from", "invite_how", "companion_contact", "for_whom", "story", "areas", "area_main",
		"hard_date", "children", "goal", "safe_now", "basics", "call_today", "call_name", "contact_way", "phone", "email",
		"address", "safe_contact", "postcode", "no_fixed", "area", "house_number", "birth_year", "language",
		"orgs_now", "known_worker", "open_report", "place", "moment", "access_needs", "experience", "going_well", "give_back",
	}
	var got []string
	for _, field := range fieldsOf(Core().Pages) {
		key, _, _ := strings.Cut(field, ".")
		got = append(got, key)
	}
	slices.Sort(got)
	slices.Sort(keys)
	if diff := cmp.Diff(keys, slices.Compact(got)); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

// Each question's parts refer to what exists: conditions to options of questions that are known by then.
func TestConditionsHangOnWhatIsKnownByThen(t *testing.T) {
	known := map[string][]string{
		derivedPath:       {string(Full), string(CallMe)},
		derivedSafetyFlag: {"yes"}, derivedWarnWord: {"yes"}, derivedChildAlone: {"yes"}, derivedHelpersNamed: {"yes"},
	}
	for _, p := range Core().Pages {
		checkCondition(t, p.ID, p.Show, known)
		late := maps.Clone(known)
		for _, q := range p.Questions {
			if q.From != "" && q.From != FromAreas && q.From != FromOrganisations && known[q.From] == nil {
				t.Errorf("%s takes options from %q, which is not asked before", q.Key, q.From)
			}
			if q.Alone != "" && !slices.Contains(q.Options, q.Alone) {
				t.Errorf("%s: %q is no option", q.Key, q.Alone)
			}
			for option, condition := range q.Offer {
				if !slices.Contains(q.Options, option) {
					t.Errorf("%s offers %q, which is no option", q.Key, option)
				}
				checkCondition(t, q.Key, condition, known)
			}
			late[q.Key] = optionsOf(q)
			if q.Show == nil {
				known[q.Key] = optionsOf(q)
			}
		}
		for _, q := range p.Questions {
			checkCondition(t, q.Key, q.Show, known)
			checkCondition(t, q.Key, q.Required, late)
			known[q.Key] = append(known[q.Key], optionsOf(q)...)
		}
	}
}

func optionsOf(q Question) []string { return append([]string{"yes"}, q.Options...) }

func checkCondition(t *testing.T, where string, c *Condition, known map[string][]string) {
	t.Helper()
	if c == nil {
		return
	}
	if c.Key != "" && known[c.Key] == nil {
		t.Errorf("%s hangs on %q, which is not known by then", where, c.Key)
	}
	for _, value := range c.In {
		if !slices.Contains(known[c.Key], value) {
			t.Errorf("%s hangs on %s = %q, which is no option", where, c.Key, value)
		}
	}
	for _, part := range slices.Concat(c.All, c.Any) {
		checkCondition(t, where, &part, known)
	}
	checkCondition(t, where, c.Not, known)
}

func TestCodesAreListedOnce(t *testing.T) {
	codes := slices.Sorted(slices.Values(Codes()))
	if len(slices.Compact(slices.Clone(codes))) != len(codes) || slices.Contains(codes, "") {
		t.Errorf("codes: %v", codes)
	}
}
