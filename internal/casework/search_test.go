package casework_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
)

func TestOneLineIsReadAsPeopleWriteIt(t *testing.T) {
	address := func(value string) casework.Wanted {
		return casework.Wanted{Traits: []casework.Trait{{Kind: casework.SameAddress, Value: value}}}
	}
	phone := casework.Wanted{Traits: []casework.Trait{{Kind: casework.SamePhone, Value: "+31612345678"}}}
	email := casework.Wanted{Traits: []casework.Trait{{Kind: casework.SameEmail, Value: "sam@post.example"}}}
	ref := casework.NewSecret().Reference(0)
	twice, alsoRef := alsoAReference(t)
	both := address("9992 CD " + twice[6:])
	both.Reference = alsoRef
	for name, tt := range map[string]struct {
		text string
		want casework.Wanted // without anything: not to be read
	}{
		"a reference":                          {" " + string(ref) + " ", casework.Wanted{Reference: ref}},
		"a mobile number":                      {"06 12345678", phone},
		"a number with a country code":         {"+31 (0)6-12 34 56 78", phone},
		"an address of the post":               {"Sam@Post.example ", email},
		"a postcode and a number":              {"9991 AB 12", address("9991 AB 12")},
		"in one, in small letters":             {"9991ab12a", address("9991 AB 12A")},
		"with a comma and an addition":         {"9991 AB, 12 - 3", address("9991 AB 12-3")},
		"with an addition set apart":           {"9991 AB 12 1", address("9991 AB 12-1")},
		"with a letter set apart":              {"9991 AB 12-a", address("9991 AB 12A")},
		"a number of another script":           {"9991 AB ١٢", address("9991 AB 12")},
		"digits of another script":             {"٩٩٩١ AB 12", address("9991 AB 12")},
		"an address that is a reference too":   {twice, both},
		"a postcode alone would find a street": {"9991 AB", casework.Wanted{}},
		"a postcode and a word":                {"9991 AB boven", casework.Wanted{}},
		"a name":                               {"Sam Voorbeeld", casework.Wanted{}},
		"a reference with a slip":              {"K7M-4RT-9XX", casework.Wanted{}},
		"half an address of the post":          {"sam@", casework.Wanted{}},
		"nothing":                              {" \t", casework.Wanted{}},
		"two lines":                            {"06 12345678\n9991 AB 12", casework.Wanted{}},
		"a number of too many digits":          {"06 123456789", casework.Wanted{}},
		"a postcode that is given out nowhere": {"9991 SS 12", casework.Wanted{}},
		"invisible characters in an address":   {"9991\u200b AB 12", address("9991 AB 12")},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := casework.ParseWanted(tt.text)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if want := got.Reference != "" || len(got.Traits) > 0; ok != want {
				t.Errorf("ok is %t, want %t", ok, want)
			}
		})
	}
}

// alsoAReference is an address whose text is a reference too.
func alsoAReference(t *testing.T) (text string, ref casework.Reference) {
	t.Helper()
	for n := 200; n < 1000; n++ {
		text := fmt.Sprintf("9992CD%d", n)
		if ref, err := casework.ParseReference(text); err == nil {
			return text, ref
		}
	}
	t.Fatal("no address is a reference")
	return "", ""
}

// rotated is a matcher with a key that is newer than what is stored.
type rotated struct{ casework.Matcher }

func (m rotated) Hashes(ctx context.Context, traits []casework.Trait) ([][]string, error) {
	hashed, err := m.Matcher.Hashes(ctx, traits)
	for i := range hashed {
		hashed[i] = append([]string{"00000000000000000000000000000000"}, hashed[i]...)
	}
	return hashed, err
}

// G7: what is looked for is found by reference and by every trait, and by whom it may be opened.
func TestASearchFindsARunningCase(t *testing.T) {
	town := exampletest.New(t)
	c, answers := first(t, town)
	lead, other, coordinator := casework.Reader{Worker: c.Lead}, casework.Reader{Worker: "mees"}, casework.Reader{Worker: "willem", Coordinator: true}
	hidden := town.Case(t, monday(), exampletest.Answers(form.Answers{
		"safe_now": {"no"}, "safe_contact": {"call"}, "phone": {"06 11112222"}, "email": {"bo@post.example"}, "house_number": {"9998"},
	}))
	rehearsed := walkedIn(t, town, mark(t, town, monday()), monday(), monday()).Case.ID
	at := answers.One("postcode") + " " + answers.One("house_number")
	for name, tt := range map[string]struct {
		text string
		by   casework.Reader
		want casework.Found
	}{
		"by phone":                           {answers.One("phone"), other, casework.Found{Running: true}},
		"by e-mail":                          {answers.One("email"), other, casework.Found{Running: true}},
		"by address":                         {at, other, casework.Found{Running: true}},
		"by phone by the lead, no more":      {answers.One("phone"), lead, casework.Found{Running: true}},
		"by reference":                       {string(c.ID), other, casework.Found{Running: true}},
		"by reference by the lead":           {string(c.ID), lead, casework.Found{Running: true, Case: c.ID}},
		"by reference by a coordinator":      {string(c.ID), coordinator, casework.Found{Running: true, Case: c.ID}},
		"another phone":                      {"06 99998888", coordinator, casework.Found{}},
		"a reference of nobody":              {string(casework.NewSecret().Reference(0)), coordinator, casework.Found{}},
		"a flagged one by phone":             {"06 11112222", coordinator, casework.Found{}},
		"a flagged one by e-mail":            {"bo@post.example", coordinator, casework.Found{}},
		"a flagged one by address":           {"9991 AB 9998", coordinator, casework.Found{}},
		"a flagged one by reference":         {string(hidden.ID), other, casework.Found{Running: true}},
		"a flagged one by its own reference": {string(hidden.ID), casework.Reader{Worker: hidden.Lead}, casework.Found{Running: true, Case: hidden.ID}},
		"a smoke test":                       {string(rehearsed), coordinator, casework.Found{}},
	} {
		t.Run(name, func(t *testing.T) {
			wanted, ok := casework.ParseWanted(tt.text)
			if !ok {
				t.Fatalf("%q is not read", tt.text)
			}
			work := town.Work
			work.Matcher = rotated{work.Matcher}
			got, err := work.Search(t.Context(), monday(), wanted, tt.by)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
	if hidden.Nearby {
		t.Error("the flagged case's own report met another") // so that it is not by chance that nothing is found
	}
}

// An addition is found like the case that it was added to.
func TestASearchFindsAnAddition(t *testing.T) {
	town := exampletest.New(t)
	running, answers := first(t, town)
	added := town.Case(t, monday().Add(time.Hour), exampletest.Answers(form.Answers{"phone": answers["phone"], "email": {"bo@post.example"}}))
	if err := town.Work.Merge(t.Context(), click(monday().Add(2*time.Hour), added.ID, running.Lead, 1, "merge")); err != nil {
		t.Fatal(err)
	}
	wanted, _ := casework.ParseWanted("bo@post.example")
	found, err := town.Work.Search(t.Context(), monday(), wanted, casework.Reader{Worker: "mees"})
	if want := (casework.Found{Running: true}); err != nil || found != want {
		t.Errorf("got %+v, %v, want %+v", found, err, want)
	}
}

// What ended runs no more: its household is not found, though who has the number is told that there was something.
func TestASearchFindsNothingThatEnded(t *testing.T) {
	town := exampletest.New(t)
	c, answers := first(t, town)
	if err := town.Work.Withdraw(t.Context(), click(monday().Add(time.Hour), c.ID, c.Lead, c.Version, "withdraw"), "De bewoner wil niet meer."); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{answers.One("phone"): false, answers.One("email"): false, string(c.ID): true} {
		wanted, _ := casework.ParseWanted(text)
		found, err := town.Work.Search(t.Context(), monday(), wanted, casework.Reader{Worker: "mees"})
		if err != nil || found != (casework.Found{Running: want}) {
			t.Errorf("%v: got %+v, %v, want running: %t", wanted, found, err, want)
		}
	}
}

// After so many searches in an hour nothing is written down any more; the next hour begins anew, and so does a colleague.
func TestSearchesAreCountedByWorkerAndHour(t *testing.T) {
	town := exampletest.New(t)
	search := func(at time.Time, worker string) error {
		return town.Store.AuditSearch(t.Context(), casework.Audit{At: at, Worker: worker, Page: "POST /desk/zoeken"}, 3)
	}
	nearly := time.Date(2026, 11, 23, 9, 59, 59, 0, time.UTC)
	for n := range 3 {
		if err := search(nearly, "mees"); err != nil {
			t.Fatalf("search %d: %v", n, err)
		}
	}
	if err := search(nearly, "mees"); !errors.Is(err, casework.ErrTooMany) {
		t.Errorf("the fourth: %v", err)
	}
	if err := search(nearly, "daan"); err != nil {
		t.Errorf("a colleague: %v", err)
	}
	if err := search(nearly.Add(time.Second), "mees"); err != nil {
		t.Errorf("the next hour: %v", err)
	}
	if n := auditRows(t, town, "mees"); n != 4 {
		t.Errorf("%d searches are written down, want 4", n)
	}
}

func auditRows(t *testing.T, town *exampletest.Town, worker string) int {
	t.Helper()
	out, err := town.Store.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &town.Store.Cases})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, it := range out.Items {
		var row struct{ PK, Page string }
		if err := attributevalue.UnmarshalMap(it, &row); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(row.PK, "AUDIT#") && strings.HasSuffix(row.PK, "#"+worker) && row.Page == "POST /desk/zoeken" {
			n++
		}
	}
	return n
}
