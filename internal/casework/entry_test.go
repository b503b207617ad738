package casework_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// C2: whatever way it is written, a number or an address of the staff is found, and nobody else's.
func TestStaffContactsAreFoundInEveryForm(t *testing.T) {
	m := &municipality.Municipality{
		Teams:   []municipality.Team{{ReplyTo: "team@waterstad.example"}},
		Sender:  municipality.Sender{Address: "hulp@waterstad.example"},
		Numbers: municipality.Numbers{Team: municipality.Number{Number: "088 000 2000"}},
	}
	people := casework.People{Cards: map[string]directory.Card{
		"mees": {Email: "mees@waterstad.example", Phone: "088 000 2001"}, "vrijwilliger": {},
	}}
	for name, tt := range map[string]struct {
		answers form.Answers
		want    []string
	}{
		"nothing":                  {form.Answers{}, nil},
		"the resident's own":       {form.Answers{"email": {"sam@post.example"}, "phone": {"06 12345678"}}, nil},
		"a worker's":               {form.Answers{"email": {"mees@waterstad.example"}}, []string{"email"}},
		"in capitals":              {form.Answers{"email": {"MEES@Waterstad.example"}}, []string{"email"}},
		"the sender's":             {form.Answers{"email": {"hulp@waterstad.example"}}, []string{"email"}},
		"a team's, for a helper":   {form.Answers{"updates.email": {"team@waterstad.example"}}, []string{"updates.email"}},
		"a worker's number":        {form.Answers{"phone": {"088-0002001"}}, []string{"phone"}},
		"with the country in it":   {form.Answers{"phone": {"+31 88 000 2001"}}, []string{"phone"}},
		"the team's number":        {form.Answers{"companion_contact.phone": {"0880002000"}}, []string{"companion_contact.phone"}},
		"a number that is none":    {form.Answers{"phone": {"12"}}, nil},
		"a place that is no field": {form.Answers{"story": {"mees@waterstad.example"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, casework.StaffContacts(tt.answers, people, m)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdatesAreMailedToOneAddress(t *testing.T) {
	safe := []casework.Channel{{Way: casework.ByEmail, Value: "sam@post.example", Safe: true}}
	for name, tt := range map[string]struct {
		in   casework.Contact
		want string
	}{
		"the resident":             {casework.Contact{Channels: safe}, "sam@post.example"},
		"no safe way":              {casework.Contact{Channels: []casework.Channel{{Way: casework.ByEmail, Value: "sam@post.example"}}}, ""},
		"a helper instead":         {casework.Contact{Channels: safe, Updates: &casework.Updates{Email: "noor@post.example"}}, "noor@post.example"},
		"a helper without address": {casework.Contact{Channels: safe, Updates: &casework.Updates{Phone: "06 1"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tt.in.UpdatesEmail(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEachWayOfEnteringHasItsPath(t *testing.T) {
	for _, way := range casework.EntryWays() {
		want := form.Full
		if way == casework.FromCard {
			want = form.Card
		}
		if got := way.Path(); got != want {
			t.Errorf("%s: got %s, want %s", way, got, want)
		}
	}
	if !slices.Contains(casework.EntryWays(), casework.OnPhone) {
		t.Error("nobody can enter a telephone call")
	}
}
