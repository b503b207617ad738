package web_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/message"
	"voordeur/internal/web"
)

// shared is what the two reports of a household can meet by, each on its own.
func shared(a form.Answers) map[string]form.Answers {
	return map[string]form.Answers{
		"the same address": {"house_number": a["house_number"]},
		"the same phone":   {"phone": a["phone"]},
		"the same e-mail":  {"email": a["email"]},
		"all three":        {"house_number": a["house_number"], "phone": a["phone"], "email": a["email"]},
	}
}

// hidden is a report under a safety flag whose every free text can be found again.
func hidden() form.Answers {
	return form.Answers{
		"hide_from": {"yes"}, "safe_contact": {"call", "email"}, "safe_contact.when": {"kanariewanneer"}, "call_name": {"Kanarienaam"},
		"story": {"kanarieverhaal"}, "goal": {"kanariedoel"}, "helpers": {"named"}, "helpers.1.name": {"Kanariehelper"},
		"helpers.1.relation": {"neighbour"}, "helpers.1.with": {"kanariemee"},
	}
}

// states are where the case without a flag can stand; each brings it there. answers are those it came with.
func states() map[string]func(o *office, t *testing.T, c casework.Case, answers form.Answers) {
	do := func(o *office, t *testing.T, move func(context.Context, casework.Click) error, c casework.Case) {
		t.Helper()
		c = o.head(t, c.ID)
		if err := move(t.Context(), o.click(c, c.Lead)); err != nil {
			t.Fatal(err)
		}
	}
	return map[string]func(*office, *testing.T, casework.Case, form.Answers){
		"assigned": func(*office, *testing.T, casework.Case, form.Answers) {},
		"accepted": func(o *office, t *testing.T, c casework.Case, _ form.Answers) {
			t.Helper()
			do(o, t, o.Work.Accept, c)
		},
		"contacted": func(o *office, t *testing.T, c casework.Case, _ form.Answers) {
			t.Helper()
			do(o, t, o.Work.Accept, c)
			do(o, t, o.Work.Contacted, c)
		},
		"with an addition": func(o *office, t *testing.T, c casework.Case, answers form.Answers) {
			t.Helper()
			do(o, t, o.Work.Accept, c)
			do(o, t, o.Work.Merge, o.Case(t, o.business(), answers))
		},
		"given back": func(o *office, t *testing.T, c casework.Case, _ form.Answers) {
			t.Helper()
			if err := o.Work.GiveBack(t.Context(), o.click(c, c.Lead), "Geen tijd.", false); err != nil {
				t.Fatal(err)
			}
		},
	}
}

// watched is the duty screen: to whoever is on duty it says of every case that it is there, and of none whose.
const watched = "/desk/dienst"

// T01: flag × match × state. A case under a safety flag leaves nothing on any page or mail of another case at the same
// address, whichever of them came first; the lead of that other case learns nothing.
//
// threat:T01
func TestACaseUnderASafetyFlagLeavesNoTraceInAnother(t *testing.T) {
	for _, first := range []string{"the flagged case", "the other case"} {
		for state, bring := range states() {
			o := openOffice(t) // a town per state: each match is another household
			for _, p := range example.People() {
				// Whether a colleague has room is no trace of any one case, so here nobody is ever full.
				o.setWorker(t, p.ID, "contracted", &types.AttributeValueMemberN{Value: "1000"})
			}
			for match := range shared(exampletest.Answers(nil)) {
				t.Run(fmt.Sprintf("%s first, %s, %s", first, match, state), func(t *testing.T) {
					open := exampletest.Answers(nil)
					closed := exampletest.Answers(hidden())
					maps.Copy(closed, shared(open)[match])
					var flagged, other casework.Case
					var before map[string]string
					if first == "the flagged case" {
						flagged = o.Case(t, o.business(), closed)
						other = o.Case(t, o.business(), open)
						bring(o, t, other, open)
					} else {
						other = o.Case(t, o.business(), open)
						bring(o, t, other, open)
						before = o.pagesAbout(t, o.head(t, other.ID))
						flagged = o.Case(t, o.business(), closed)
					}
					if err := o.Work.GiveBack(t.Context(), o.click(flagged, flagged.Lead), "kanariereden", true); err != nil {
						t.Fatal(err)
					}
					seen := o.pagesAbout(t, o.head(t, other.ID))
					for where, text := range before {
						if where != watched && seen[where] != text {
							t.Errorf("%s is not as it was before the flagged report came:\n%s", where, cmp.Diff(text, seen[where]))
						}
					}
					maps.Copy(seen, o.mailsAbout(t, other.ID))
					for where, text := range seen {
						for _, trace := range []string{"kanarie", strings.ToLower(string(flagged.ID)), "er loopt misschien", "houd dit apart"} {
							if where == watched && trace == strings.ToLower(string(flagged.ID)) {
								continue
							}
							if strings.Contains(strings.ToLower(text), trace) {
								t.Errorf("%s holds %q", where, trace)
							}
						}
					}
				})
			}
		}
	}
}

// once are the parts of a page that differ each time it is shown.
var once = regexp.MustCompile(`name="(token|command)" value="[^"]*"`)

// pagesAbout is every page about a case that its lead can open, by address, with the lead's lists.
func (o *office) pagesAbout(t *testing.T, c casework.Case) map[string]string {
	t.Helper()
	b := o.signedIn(t, c.Lead)
	seen := map[string]string{}
	for _, route := range web.DeskRoutes() {
		method, path, _ := strings.Cut(route, " ")
		if method != http.MethodGet || path == web.ArrivedPath || path == web.ProvePath {
			continue
		}
		path = strings.NewReplacer("{reference}", string(c.ID), "{$}", "").Replace(path)
		seen[path] = once.ReplaceAllString(b.get(path).body, "")
	}
	if shown := seen[caseURL(c)]; !strings.Contains(shown, "Mevrouw Voorbeeld") || len(seen) < 7 {
		t.Fatalf("the lead sees %d pages, and not the case", len(seen))
	}
	return seen
}

// mailsAbout sends every mail that a case owes and returns what they say, by subject.
func (o *office) mailsAbout(t *testing.T, ref casework.Reference) map[string]string {
	t.Helper()
	post := &postbag{}
	delivery := message.Delivery{
		Writer: message.NewWriter(o.Municipality), Outbox: o.Store, Cases: o.Store, Opener: o.Opener, Transport: post,
		Links: message.Links{Public: "https://hulp.waterstad.example", Desk: "https://bureau.waterstad.example/desk/"},
	}
	d, err := o.Store.Dossier(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range d.Messages {
		if err := delivery.Deliver(t.Context(), o.business(), m.Case, m.ID); err != nil {
			t.Fatal(err)
		}
	}
	said := map[string]string{}
	for _, m := range post.mails {
		said["mail "+m.Subject] = m.Subject + m.Text + m.HTML
	}
	if len(said) == 0 {
		t.Fatal("no mail was sent: this test searched none")
	}
	return said
}

// postbag keeps what was mailed.
type postbag struct {
	mails []message.Mail
}

func (p *postbag) Send(_ context.Context, m message.Mail) (string, error) {
	p.mails = append(p.mails, m)
	return m.MessageID, nil
}
