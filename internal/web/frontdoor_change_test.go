package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"voordeur/internal/form"
)

// flat is answers by page as answers by field.
func flat(pages map[string]url.Values) form.Answers {
	a := form.Answers{}
	for _, fields := range pages {
		maps.Copy(a, fields)
	}
	return a
}

// filledIn opens the check page of a form that was filled in, without walking all of it.
func (r *resident) filledIn(a form.Answers) *seen {
	r.t.Helper()
	r.begin(form.Full)
	draft := r.draft()
	c := form.Context{Municipality: r.door.Municipality, Path: form.Full, Today: r.door.now}
	draft.Answers = form.Of(r.door.Municipality).Clean(a, c)
	if err := r.door.Drafts.Save(r.t.Context(), r.secret(), draft, r.door.now); err != nil {
		r.t.Fatal(err)
	}
	return r.get("/controle")
}

// draft is what is kept of what the resident filled in.
func (r *resident) draft() form.Draft {
	r.t.Helper()
	draft, err := r.door.Drafts.Load(r.t.Context(), r.secret(), r.door.now)
	if err != nil {
		r.t.Fatal(err)
	}
	return draft
}

// anyAnswer draws an answer to each field of a question page, as a browser could send it.
func anyAnswer(t *rapid.T, p *seen) url.Values {
	values := url.Values{}
	f := p.Find("main form#answers")
	texts := map[string][]string{
		"call_name": {"Sam", "Robin"}, "phone": {"06 12345678"}, "email": {"sam@bewoner.example"}, "address": {"Kerkstraat 1"},
		"companion_contact.phone": {"", "06 87654321"}, "companion_contact.email": {"", "noor@bewoner.example"},
		"postcode": {"9991 AB", "9997 ZZ"}, "birth_year": {"", "1985", "2013"}, "children.number": {"", "2"},
		"story": {"", "Er ligt een mes.", "Te veel brieven."}, "hard_date.day": {"", "18"}, "hard_date.month": {"12"}, "hard_date.year": {"2026"},
	}
	f.Find("input[name], textarea[name], select[name]").Each(func(_ int, s *goquery.Selection) {
		name, kind := s.AttrOr("name", ""), s.AttrOr("type", "text")
		if kind == "hidden" || name == "website" || values.Has(name) {
			return
		}
		offered := f.Find(`input[name="` + name + `"]`).Map(func(_ int, o *goquery.Selection) string { return o.AttrOr("value", "") })
		switch {
		case kind == "radio":
			values[name] = []string{rapid.SampledFrom(offered).Draw(t, name)}
		case kind == "checkbox":
			values[name] = rapid.SliceOfNDistinct(rapid.SampledFrom(offered), 0, len(offered), rapid.ID).Draw(t, name)
		case goquery.NodeName(s) == "select":
			values[name] = []string{rapid.SampledFrom([]string{"", "partner", "neighbour"}).Draw(t, name)}
		default:
			pool, ok := texts[name]
			if !ok {
				pool = []string{"", "iets"}
			}
			values[name] = []string{rapid.SampledFrom(pool).Draw(t, name)}
		}
	})
	return values
}

// ux 13, A11: whatever is changed from the check page, in whatever order: the page comes back in one step, or asks what
// is needed now; what a change closes is gone and stays gone when another opens it again; nothing hidden is sent.
//
// feature:A11
//
//ux:13
func TestChangesFromTheCheckPage(t *testing.T) {
	d := openDoor(t)
	all := form.Of(d.Municipality)
	needed := map[string]url.Values{
		"51": {"call_name": {"Sam"}}, "52": {"contact_way": {"call"}, "phone": {"06 12345678"}}, "53": {"safe_contact": {"none"}},
		"54": {"postcode": {"9991 AB"}, "no_fixed": nil}, "15": {"companion_contact.knows": {"yes"}},
	}
	const most = 3 // changes
	rapid.Check(t, func(rt *rapid.T) {
		r := d.resident(t)
		answers := flat(with(with(fullAnswers(), ownAnswers()), map[string]url.Values{"54": {"postcode": {"9991 AB"}}}))
		if rapid.Bool().Draw(rt, "what is safe was skipped") {
			answers["safe_contact"] = []string{}
		}
		check := r.filledIn(answers)
		for range rapid.IntRange(1, most).Draw(rt, "changes") {
			change := rapid.SampledFrom(changesOf(check)).Draw(rt, "change")
			before := r.draft()
			page := r.get(change)
			id := strings.TrimSuffix(strings.TrimPrefix(page.path, "/vraag/"), "?terug=controle")
			next := r.answer(page, anyAnswer(rt, page))
			after := r.draft()
			if next.status == http.StatusUnprocessableEntity {
				if diff := cmp.Diff(before.Answers, after.Answers); diff != "" {
					rt.Fatalf("a wrong answer on %s changed (-before +after):\n%s", id, diff)
				}
				continue
			}
			r.holds(rt, all, id, before.Answers, after.Answers)
			for step := 0; !strings.HasPrefix(next.path, "/controle?na="); step++ {
				asked, _, _ := strings.Cut(strings.TrimPrefix(next.path, "/vraag/"), "?")
				if step > len(needed) || needed[asked] == nil || next.status != http.StatusOK {
					rt.Fatalf("after a change of %s: %d %s", id, next.status, next.path)
				}
				next = r.answer(next, needed[asked])
			}
			check = next
		}
		want := r.draft().Answers
		if receipt := r.send(check); receipt.path != "/ontvangen" {
			rt.Fatalf("sending led to %d %s", receipt.status, receipt.path)
		}
		if diff := cmp.Diff(nonEmpty(want), nonEmpty(r.sent().Answers)); diff != "" {
			rt.Fatalf("sent (-draft +sent):\n%s", diff)
		}
	})
}

// changesOf returns the addresses that the check page offers, those that open and close most more often.
func changesOf(check *seen) []string {
	var changes []string
	check.Find(".vd-row__change a").Each(func(_ int, a *goquery.Selection) {
		href := a.AttrOr("href", "")
		changes = append(changes, href)
		for _, id := range []string{"12", "13", "21", "24", "32", "52"} {
			if strings.HasPrefix(href, "/vraag/"+id+"?") {
				changes = append(changes, href, href, href)
			}
		}
	})
	return changes
}

// holds checks what a change of one page did to the draft: all that it keeps is visible, and outside the page it only
// took away.
func (r *resident) holds(t *rapid.T, all form.Definition, page string, before, after form.Answers) {
	c := form.Context{Municipality: r.door.Municipality, Path: form.Full, Today: r.door.now}
	if diff := cmp.Diff(all.Clean(after, c), after); diff != "" {
		t.Fatalf("a change of %s keeps what is hidden (-visible +kept):\n%s", page, diff)
	}
	var own []string
	for _, p := range all.Pages {
		if p.ID == page {
			own = p.Fields()
		}
	}
	for field, values := range after {
		if slices.Contains(own, field) {
			continue
		}
		for _, value := range values {
			if !slices.Contains(before[field], value) {
				t.Fatalf("a change of %s brought %s back", page, field)
			}
		}
	}
}

// What a change closes does not come back when another change opens it again.
//
//ux:13
func TestWhatAChangeClosedStaysEmptyWhenItOpensAgain(t *testing.T) {
	d := openDoor(t)
	for name, tt := range map[string]struct {
		page         string
		close, open  url.Values
		field, stays string // a field that is asked again, and one that was never closed
	}{
		"who comes along":    {"12", url.Values{"companion": {"alone"}}, url.Values{"companion": {"helper"}}, "companion.helpers", "helpers.1.name"},
		"how many children":  {"27", url.Values{"children": {"no"}}, url.Values{"children": {"yes"}}, "children.ages", "goal"},
		"the day":            {"26", url.Values{"hard_date": {"none"}}, url.Values{"hard_date": {"other"}}, "hard_date.day", "goal"},
		"what is given back": {"72", url.Values{"give_back": {"no"}}, url.Values{"give_back": {"yes"}}, "give_back.what", "goal"},
		"the main of two":    {"24", url.Values{"areas": {"money"}}, url.Values{"areas": {"housing", "papers"}}, "area_main", "goal"},
		"who asks the other": {"13", url.Values{"hide_from": {"yes"}}, url.Values{"hide_from": {"no"}}, "companion_contact.phone", "goal"},
		"what comes back":    {"21", url.Values{"for_whom": {"other"}}, url.Values{"for_whom": {"myself"}}, "give_back.what", "goal"},
	} {
		t.Run(name, func(t *testing.T) {
			r := d.resident(t)
			r.filledIn(flat(with(with(fullAnswers(), ownAnswers()), map[string]url.Values{"54": {"postcode": {"9991 AB"}}})))
			if r.draft().Answers.One(tt.field) == "" {
				t.Fatalf("%s was not filled in", tt.field)
			}
			change := "/vraag/" + tt.page + "?terug=controle"
			if p := r.answer(r.get(change), tt.close); !strings.HasPrefix(p.path, "/controle") {
				t.Fatalf("closing led to %d %s", p.status, p.path)
			}
			p := r.get(change)
			values := tt.open
			if p.Find(`[name="`+tt.field+`"]`).Length() > 0 {
				values = formValues(p.Find("main form"))
				if got := values.Get(tt.field); got != "" {
					t.Errorf("the page fills in %s with %q again", tt.field, got)
				}
				values = tt.open
			}
			r.answer(p, values)
			if got := r.draft().Answers.One(tt.field); got != "" {
				t.Errorf("%s is %q again", tt.field, got)
			}
			if r.draft().Answers.One(tt.stays) == "" {
				t.Errorf("%s is gone", tt.stays)
			}
		})
	}
}
