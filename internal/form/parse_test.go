package form

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// asked returns a page of the core form with every question on it.
func asked(t *testing.T, id string) Page {
	t.Helper()
	page, ok := byID(Core().Pages, id)
	if !ok {
		t.Fatalf("no page %s", id)
	}
	return page
}

// threat:T13
// ux:18
func TestParseNormalises(t *testing.T) {
	for name, test := range map[string]struct {
		page, field string
		in          []string
		want        []string
	}{
		"spaces around a name":                         {"51", "call_name", []string{"  Sam \n"}, []string{"Sam"}},
		"composed letters (T13)":                       {"51", "call_name", []string{"Zoe\u0308"}, []string{"Zo\u00eb"}},
		"an override that turns text around (T13)":     {"51", "call_name", []string{"Sam\u202Egnp"}, []string{"Samgnp"}},
		"a name of invisible characters only (T13)":    {"51", "call_name", []string{"\u200B\u200D\uFEFF\u00AD"}, []string{}},
		"an Arabic name with its joiner (T13)":         {"51", "call_name", []string{"می\u200Cخواهم"}, []string{"می\u200Cخواهم"}},
		"bytes that are no text (T13)":                 {"51", "call_name", []string{"Sam\xff"}, []string{"Sam\uFFFD"}},
		"line breaks of every kind":                    {"23", "story", []string{"een\r\ntwee\rdrie\n"}, []string{"een\ntwee\ndrie"}},
		"line breaks out of a letter":                  {"23", "story", []string{"een\vtwee\fdrie\u0085vier\u2028vijf\u2029zes"}, []string{"een\ntwee\ndrie\nvier\nvijf\nzes"}},
		"a tab in a story":                             {"23", "story", []string{"een\ttwee"}, []string{"een twee"}},
		"control characters stay, for Check to refuse": {"23", "story", []string{"een\x07twee"}, []string{"een\x07twee"}},
		"a postcode in lower case":                     {"54", "postcode", []string{"9991ab"}, []string{"9991 AB"}},
		"what is no postcode stays as typed":           {"54", "postcode", []string{"99 noord"}, []string{"99 noord"}},
		"a telephone number stays as typed":            {"52", "phone", []string{" (06) 12-34 56 78"}, []string{"(06) 12-34 56 78"}},
		"Arabic digits in a telephone number (ux 18)":  {"52", "phone", []string{"٠٦ ١٢٣٤٥٦٧٨"}, []string{"06 12345678"}},
		"Persian digits in a house number (ux 18)":     {"54", "house_number", []string{"۱۲ A"}, []string{"12 A"}},
		"Arabic digits in an e-mail address (ux 18)":   {"52", "email", []string{"sam٢@post.example"}, []string{"sam2@post.example"}},
		"Arabic digits in a story stay as typed":       {"23", "story", []string{"منذ ٣ أشهر"}, []string{"منذ ٣ أشهر"}},
		"Arabic digits in a year":                      {"55", "birth_year", []string{"١٩٨٠"}, []string{"1980"}},
		"Persian digits in a day":                      {"26", "hard_date.day", []string{"۱۲"}, []string{"12"}},
		"a name sent twice counts once":                {"51", "call_name", []string{"Sam", "Bo"}, []string{"Sam"}},
		"an empty value before a full one":             {"51", "call_name", []string{" ", "Bo"}, []string{"Bo"}},
		"choices sent twice count once":                {"24", "areas", []string{"money", "", "money", "work"}, []string{"money", "work"}},
		"a question that was skipped":                  {"23", "story", []string{""}, []string{}},
		"a question of which nothing was sent":         {"24", "areas", nil, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := asked(t, test.page).Parse(url.Values{test.field: test.in})
			if diff := cmp.Diff(test.want, got[test.field]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.field, diff)
			}
		})
	}
}

// T12: a body with a thousand fields or values costs no more than one of MaxFields.
//
// threat:T12
func TestParseTakesOnlyThePagesFields(t *testing.T) {
	flood := url.Values{"call_name": {"Sam"}, "hide_from": {"no"}, "helpers.6.name": {"Bo"}}
	for range 1000 {
		flood.Add("areas", strings.Repeat("x", len(flood["areas"])+1))
	}
	if diff := cmp.Diff(Answers{"call_name": {"Sam"}}, asked(t, "51").Parse(flood)); diff != "" {
		t.Errorf("page 51 (-want +got):\n%s", diff)
	}
	if got := len(asked(t, "24").Parse(flood)["areas"]); got != MaxFields {
		t.Errorf("%d values considered, want %d", got, MaxFields)
	}
	if got := asked(t, "11").Parse(flood).People("helpers"); got != nil {
		t.Errorf("a sixth helper was taken: %v", got)
	}
}

// A2: naming somebody counts, whatever was ticked too; nobody named is never an error.
//
// feature:A2
func TestHelpersAndTheChoiceBesideThemAgree(t *testing.T) {
	for name, test := range map[string]struct {
		in     url.Values
		choice string
		people int
	}{
		"nothing at all":               {url.Values{}, "", 0},
		"I have nobody":                {url.Values{"helpers": {"none"}}, "none", 0},
		"I do not know yet":            {url.Values{"helpers": {"unknown"}}, "unknown", 0},
		"a name":                       {url.Values{"helpers.1.name": {"Bo"}}, "named", 1},
		"a name and I have nobody":     {url.Values{"helpers.1.name": {"Bo"}, "helpers": {"none"}}, "named", 1},
		"a relation without a name":    {url.Values{"helpers.3.relation": {"neighbour"}}, "named", 1},
		"somebody, but nobody is told": {url.Values{"helpers": {"named"}, "helpers.1.name": {" "}}, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			a := asked(t, "11").Parse(test.in)
			if got := a.One("helpers"); got != test.choice {
				t.Errorf("choice %q, want %q", got, test.choice)
			}
			if got := len(a.People("helpers")); got != test.people {
				t.Errorf("%d people, want %d", got, test.people)
			}
			if problems := Core().Check(asked(t, "11"), a, context(Full)); problems != nil {
				t.Errorf("problems: %v", problems)
			}
		})
	}
}

// limits of domain.md §2, in code points.
func limitOf(t Type) int {
	switch t {
	case Short:
		return 60
	case Name:
		return 100
	case Line:
		return 200
	case Story:
		return 2000
	case Email:
		return 254
	case Phone:
		return 40
	case Postcode:
		return 7
	case Date, Number, Year:
		return 4
	case People:
		return 200
	case Choice, Multi, PickHelps, Confirm:
	}
	return 40
}

// T12, T13: whatever a stranger sends as a form, what is accepted lies within the limits, and reading what was printed
// gives the same again.
//
// threat:T12
// threat:T13
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"call_name=Sam&contact_way=email&email=sam%2Bhulp%40voorbeeld.example&postcode=9991ab",
		"helpers=none&helpers.1.name=Bo&helpers.1.relation=friend&helpers.1.with=boodschappen",
		"story=%E2%80%AEomgekeerd%0D%0Anaar+links%00&areas=money&areas=money&areas=work&basics=nothing&basics=bed",
		"hard_date=eviction&hard_date.day=31&hard_date.month=02&hard_date.year=2027&children=yes&children.number=21",
		"call_name=Zoe%CC%88%FF&phone=%2B31+%280%296+12345678&no_fixed=yes&area=noord&birth_year=2999",
		"call_name=" + strings.Repeat("%CC%81", 101) + "&%zz=1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		values, _ := url.ParseQuery(body)
		for _, page := range Core().Pages {
			parsed := page.Parse(values)
			again, err := url.ParseQuery(url.Values(parsed).Encode())
			if err != nil {
				t.Fatalf("page %s prints what cannot be read: %v", page.ID, err)
			}
			if diff := cmp.Diff(parsed, page.Parse(again)); diff != "" {
				t.Errorf("page %s read again (-first +again):\n%s", page.ID, diff)
			}
			if len(check(page, parsed, context(Full))) == 0 {
				withinLimits(t, page, parsed)
			}
		}
	})
}

// withinLimits checks accepted answers against the limits, in other words than the code's.
func withinLimits(t rapid.TB, page Page, a Answers) {
	t.Helper()
	for _, q := range page.Questions {
		for _, field := range q.Fields() {
			if len(a[field]) > 1 && q.Type != Multi && q.Type != PickHelps || len(a[field]) > MaxList {
				t.Errorf("%s has %d values", field, len(a[field]))
			}
			for _, value := range a[field] {
				if n := utf8.RuneCountInString(value); n == 0 || n > limitOf(q.Type) || !utf8.ValidString(value) {
					t.Errorf("%s: accepted with %d code points", field, n)
				}
				if strings.ContainsFunc(value, func(r rune) bool {
					return (r < ' ' || r >= 0x7F && r < 0xA0) && (r != '\n' || q.Type != Story)
				}) {
					t.Errorf("%s: accepted with a control character", field)
				}
				if q.Type == Choice && !slices.Contains(q.Options, value) {
					t.Errorf("%s: accepted what is not on offer", field)
				}
			}
		}
	}
}
