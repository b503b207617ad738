package form

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// threat:T12
// threat:T13
func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		page string
		in   Answers
		want []Problem // Page is the test's
	}{
		"a name that is missing":   {"51", Answers{"call_name": {}}, []Problem{{Field: "call_name", Key: "call_name", Code: CodeRequired}}},
		"a name of 100 letters":    {"51", Answers{"call_name": {strings.Repeat("é", 100)}}, nil},
		"a name of 101 letters":    {"51", Answers{"call_name": {strings.Repeat("é", 101)}}, []Problem{{Field: "call_name", Key: "call_name", Code: CodeTooLong, Max: 100}}},
		"a line break in a name":   {"51", Answers{"call_name": {"Sam\nBo"}}, []Problem{{Field: "call_name", Key: "call_name", Code: CodeCharacters}}},
		"a C1 control in a name":   {"51", Answers{"call_name": {"Sam\u0085"}}, []Problem{{Field: "call_name", Key: "call_name", Code: CodeCharacters}}},
		"a name in Arabic":         {"51", Answers{"call_name": {"سارة"}}, nil},
		"two names in one field":   {"51", Answers{"call_name": {"Sam", "Bo"}}, []Problem{{Field: "call_name", Key: "call_name", Code: CodeTooMany, Max: 1}}},
		"a story with line breaks": {"23", Answers{"story": {"een\ntwee"}}, nil},
		"a story of 2,000":         {"23", Answers{"story": {strings.Repeat("ж", 2000)}}, nil},
		"a story of 2,001":         {"23", Answers{"story": {strings.Repeat("ж", 2001)}}, []Problem{{Field: "story", Key: "story", Code: CodeTooLong, Max: 2000}}},
		"a bell in a story":        {"23", Answers{"story": {"een\x07"}}, []Problem{{Field: "story", Key: "story", Code: CodeCharacters}}},

		"no way to be reached":                              {"52", Answers{}, []Problem{{Field: "contact_way", Key: "contact_way", Code: CodeRequired}}},
		"call without a number":                             {"52", Answers{"contact_way": {"call"}}, []Problem{{Field: "phone", Key: "phone", Code: CodeRequired}}},
		"text without a number":                             {"52", Answers{"contact_way": {"text"}}, []Problem{{Field: "phone", Key: "phone", Code: CodeRequired}}},
		"a letter without an address":                       {"52", Answers{"contact_way": {"letter"}}, []Problem{{Field: "address", Key: "address", Code: CodeRequired}}},
		"I come by":                                         {"52", Answers{"contact_way": {"come_by"}}, nil},
		"call, and a wrong number that was typed elsewhere": {"52", Answers{"contact_way": {"call"}, "phone": {"0612345678"}, "email": {"nee"}}, nil},
		"a number that is none":                             {"52", Answers{"contact_way": {"call"}, "phone": {"12"}}, []Problem{{Field: "phone", Key: "phone", Code: CodePhone}}},
		"two ways, both wrong": {"52", Answers{"contact_way": {"email", "call"}, "phone": {"12"}, "email": {"sam"}}, []Problem{
			{Field: "phone", Key: "phone", Code: CodePhone}, {Field: "email", Key: "email", Code: CodeEmail},
		}},
		"a way that does not exist": {"52", Answers{"contact_way": {"pigeon"}}, []Problem{{Field: "contact_way", Key: "contact_way", Code: CodeChoice}}},

		"no place":                       {"54", Answers{}, []Problem{{Field: "postcode", Key: "postcode", Code: CodeRequired}}},
		"a postcode":                     {"54", Answers{"postcode": {"9991 AB"}}, nil},
		"a postcode that is none":        {"54", Answers{"postcode": {"99"}}, []Problem{{Field: "postcode", Key: "postcode", Code: CodePostcode}}},
		"a postcode outside (D9)":        {"54", Answers{"postcode": {"1000 AA"}}, []Problem{{Field: "postcode", Key: "postcode", Code: CodeOutside}}},
		"no fixed address and no area":   {"54", Answers{"no_fixed": {"yes"}}, []Problem{{Field: "area", Key: "area", Code: CodeRequired}}},
		"no fixed address, an area":      {"54", Answers{"no_fixed": {"yes"}, "area": {"zuid"}, "postcode": {"99"}}, nil},
		"an area that does not exist":    {"54", Answers{"no_fixed": {"yes"}, "area": {"mars"}}, []Problem{{Field: "area", Key: "area", Code: CodeChoice}}},
		"a house number":                 {"54", Answers{"postcode": {"9991 AB"}, "house_number": {"12-A hs"}}, nil},
		"a box with another value":       {"54", Answers{"postcode": {"9991 AB"}, "no_fixed": {"on"}}, []Problem{{Field: "no_fixed", Key: "no_fixed", Code: CodeChoice}, {Field: "area", Key: "area", Code: CodeRequired}}},
		"something missing, and nothing": {"33", Answers{"basics": {"bed", "nothing"}}, []Problem{{Field: "basics", Key: "basics", Code: CodeAlone}}},
		"nothing missing":                {"33", Answers{"basics": {"nothing"}}, nil},
		"two things missing":             {"33", Answers{"basics": {"bed", "food"}}, nil},

		"no hard date":                   {"26", Answers{"hard_date": {"none"}, "hard_date.day": {"x"}}, nil},
		"a hard date without a day":      {"26", Answers{"hard_date": {"eviction"}}, nil},
		"a hard date in the past":        {"26", Answers{"hard_date": {"eviction"}, "hard_date.day": {"1"}, "hard_date.month": {"9"}, "hard_date.year": {"2026"}}, nil},
		"half a hard date":               {"26", Answers{"hard_date.day": {"1"}, "hard_date.year": {"2027"}}, []Problem{{Field: "hard_date.month", Key: "hard_date", Code: CodeDateIncomplete}}},
		"the 30th of February":           {"26", Answers{"hard_date.day": {"30"}, "hard_date.month": {"2"}, "hard_date.year": {"2027"}}, []Problem{{Field: "hard_date.day", Key: "hard_date", Code: CodeDate}}},
		"a month in words":               {"26", Answers{"hard_date.day": {"3"}, "hard_date.month": {"mei"}, "hard_date.year": {"2027"}}, []Problem{{Field: "hard_date.month", Key: "hard_date", Code: CodeDate}}},
		"a year of two digits":           {"26", Answers{"hard_date.day": {"3"}, "hard_date.month": {"5"}, "hard_date.year": {"27"}}, nil},
		"a year of three digits":         {"26", Answers{"hard_date.day": {"3"}, "hard_date.month": {"5"}, "hard_date.year": {"202"}}, []Problem{{Field: "hard_date.year", Key: "hard_date", Code: CodeDate}}},
		"two days":                       {"26", Answers{"hard_date.day": {"3", "4"}, "hard_date.month": {"5"}, "hard_date.year": {"2027"}}, []Problem{{Field: "hard_date.day", Key: "hard_date", Code: CodeTooMany, Max: 1}}},
		"20 children":                    {"27", Answers{"children": {"yes"}, "children.number": {"20"}}, nil},
		"21 children":                    {"27", Answers{"children": {"yes"}, "children.number": {"21"}}, []Problem{{Field: "children.number", Key: "children.number", Code: CodeNumber, Max: 20}}},
		"half a child":                   {"27", Answers{"children": {"yes"}, "children.number": {"1.5"}}, []Problem{{Field: "children.number", Key: "children.number", Code: CodeNumber, Max: 20}}},
		"ages that are too long":         {"27", Answers{"children": {"yes"}, "children.ages": {strings.Repeat("1", 201)}}, []Problem{{Field: "children.ages", Key: "children.ages", Code: CodeTooLong, Max: 200}}},
		"born this year":                 {"55", Answers{"birth_year": {"2026"}}, nil},
		"born next year":                 {"55", Answers{"birth_year": {"2027"}}, []Problem{{Field: "birth_year", Key: "birth_year", Code: CodeYear, Max: 2026}}},
		"older than anybody":             {"55", Answers{"birth_year": {"1905"}}, []Problem{{Field: "birth_year", Key: "birth_year", Code: CodeYear, Max: 2026}}},
		"a helper's name that is long":   {"11", Answers{"helpers.2.name": {strings.Repeat("a", 101)}}, []Problem{{Field: "helpers.2.name", Key: "helpers", Code: CodeTooLong, Max: 100}}},
		"a relation that does not exist": {"11", Answers{"helpers.1.name": {"Bo"}, "helpers.1.relation": {"boss"}}, []Problem{{Field: "helpers.1.relation", Key: "helpers", Code: CodeChoice}}},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range test.want {
				test.want[i].Page = test.page
			}
			got := Core().Check(Page{ID: test.page}, test.in, context(Full))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// threat:T08
func TestEmail(t *testing.T) {
	for name, test := range map[string]struct {
		in   string
		want Code
	}{
		"plain":                         {"sam@voorbeeld.example", ""},
		"with a plus":                   {"sam+hulp@voorbeeld.example", ""},
		"letters SES cannot send to":    {"jürgen@voorbeeld.example", CodeEmailLetters},
		"the same in its domain":        {"sam@bücher.example", CodeEmailLetters},
		"a letter that looks like an a": {"sаm@voorbeeld.example", CodeEmailLetters},
		"254 long":                      {strings.Repeat("a", 60) + "@" + strings.Repeat("b.", 92) + "example.x", ""},
		"255 long":                      {strings.Repeat("a", 61) + "@" + strings.Repeat("b.", 92) + "example.x", CodeTooLong},
		"without an at":                 {"sam.voorbeeld.example", CodeEmail},
		"without a domain":              {"sam@", CodeEmail},
		"without a dot":                 {"sam@voorbeeld", CodeEmail},
		"with a space":                  {"sam @voorbeeld.example", CodeEmail},
		"with a name around it":         {"Sam <sam@voorbeeld.example>", CodeEmail},
		"with a quoted part":            {`"sam sam"@voorbeeld.example`, CodeEmail},
		"two of them":                   {"sam@voorbeeld.example,bo@voorbeeld.example", CodeEmail},
		"with a dot at the end":         {"sam@voorbeeld.example.", CodeEmail},
		"with a header behind it(T08)":  {"sam@voorbeeld.example\nBcc: bo@voorbeeld.example", CodeCharacters},
	} {
		t.Run(name, func(t *testing.T) {
			if got, _ := fault(test.in, Email.tag(context(Full).Today)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A5: at most two companions, only from the helpers that were named.
//
// feature:A5
func TestCompanionsComeFromTheHelpers(t *testing.T) {
	named := Answers{
		"helpers": {"named"}, "helpers.1.name": {"Bo"}, "helpers.2.name": {"Noor"}, "helpers.4.relation": {"neighbour"},
		"companion": {"helper"},
	}
	for name, test := range map[string]struct {
		picked []string
		want   Code
	}{
		"none picked":           {nil, ""},
		"two picked":            {[]string{"1", "4"}, ""},
		"three picked":          {[]string{"1", "2", "4"}, CodeTooMany},
		"a row that has nobody": {[]string{"3"}, CodeChoice},
	} {
		t.Run(name, func(t *testing.T) {
			a := named.Merge(Page{}, nil)
			a["companion.helpers"] = test.picked
			var got Code
			for _, p := range Core().Check(Page{ID: "12"}, a, context(Full)) {
				got = p.Code
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// B4: whoever gives a companion's number or address says that this person knows.
//
// feature:B4
func TestACompanionsContactNeedsTheirKnowing(t *testing.T) {
	base := Answers{"companion": {"other"}, "hide_from": {"no"}, "invite_how": {"you"}}
	for name, test := range map[string]struct {
		in   Answers
		want []Code
	}{
		"no contact, nothing ticked":  {Answers{}, nil},
		"a number, ticked":            {Answers{"companion_contact.phone": {"0612345678"}, "companion_contact.knows": {"yes"}}, nil},
		"a number, not ticked":        {Answers{"companion_contact.phone": {"0612345678"}}, []Code{CodeConfirm}},
		"an address, not ticked":      {Answers{"companion_contact.email": {"bo@voorbeeld.example"}}, []Code{CodeConfirm}},
		"a wrong address, not ticked": {Answers{"companion_contact.email": {"bo"}}, []Code{CodeEmail, CodeConfirm}},
	} {
		t.Run(name, func(t *testing.T) {
			a := base.Merge(asked(t, "15"), test.in)
			var got []Code
			for _, p := range Core().Check(Page{ID: "15"}, a, context(Full)) {
				got = append(got, p.Code)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("codes (-want +got):\n%s", diff)
			}
		})
	}
}

// A10, ux 11: only the name, a way and a place are needed; under the safety flag also what is safe.
//
// feature:A10
//
//ux:11
func TestOnlyNameWayAndPlaceAreNeeded(t *testing.T) {
	for name, test := range map[string]struct {
		in   Answers
		want []string
	}{
		"nothing filled in":                 {nil, []string{"call_name", "contact_way", "postcode"}},
		"everything skipped":                {skipped(), []string{"call_name", "contact_way", "postcode"}},
		"under the safety flag":             {Answers{"safe_now": {"no"}}, []string{"call_name", "contact_way", "safe_contact", "postcode"}},
		"the three, and nothing else":       {three(), nil},
		"the three under a flag":            {three().with("safe_now", "rather_not"), []string{"safe_contact"}},
		"the three, ticked again":           {three().with("safe_now", "no").with("safe_contact", "come_by"), nil},
		"the three, and no way is safe":     {three().with("safe_now", "no").with("safe_contact", "none"), nil},
		"a safe way that was not chosen":    {three().with("safe_now", "no").with("safe_contact", "call"), []string{"safe_contact"}},
		"no safe way together with a way":   {three().with("safe_contact", "none", "come_by"), []string{"safe_contact"}},
		"a way ticked again without a flag": {three().with("safe_contact", "come_by"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, keysOf(Core().CheckAll(test.in, context(Full)))); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
		})
	}
}

// A10 on the short path: the same three, and what is safe is asked under the flag only.
//
// feature:A10
//
//ux:11
func TestBelMijNeedsTheSame(t *testing.T) {
	for name, test := range map[string]struct {
		in   Answers
		want []string
	}{
		"nothing filled in":     {nil, []string{"call_name", "contact_way", "postcode"}},
		"the three":             {three(), nil},
		"the three, and unsafe": {three().with("safe_now", "sometimes"), []string{"safe_contact"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, keysOf(Core().CheckAll(test.in, context(CallMe)))); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
		})
	}
}

func keysOf(problems []Problem) []string {
	var keys []string
	for _, p := range problems {
		keys = append(keys, p.Key)
	}
	return keys
}

// three holds the answers that are needed, and no more.
func three() Answers {
	return Answers{"call_name": {"Sam"}, "contact_way": {"come_by"}, "postcode": {"9991 AB"}}
}

// skipped holds every field, each without a value.
func skipped() Answers {
	a := Answers{}
	for _, field := range fieldsOf(Core().Pages) {
		a[field] = []string{}
	}
	return a
}

func (a Answers) with(field string, values ...string) Answers {
	a = a.Merge(Page{}, nil)
	a[field] = values
	return a
}
