package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/form"
)

// A7, ux 1: the whole way by form posts alone.
//
//ux:1
func TestTheWholeFormIsFilledInAndSentWithoutScript(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	check, passed := r.walk(r.begin(form.Full), fullAnswers())
	wantPages := []string{
		"11", "12", "13", "14", "15", "21", "23", "24", "25", "26", "27", "28", "81", "31", "32", "33",
		"41", "42", "43", "82", "51", "52", "53", "54", "55", "61", "62", "63", "64", "65", "83", "71", "72",
	}
	for i := range wantPages {
		wantPages[i] = "/vraag/" + wantPages[i]
	}
	if diff := cmp.Diff(wantPages, paths(passed)); diff != "" {
		t.Errorf("pages on the way (-want +got):\n%s", diff)
	}
	receipt := r.send(check)
	if receipt.status != http.StatusOK || receipt.path != "/ontvangen" {
		t.Fatalf("sending led to %d %s", receipt.status, receipt.path)
	}
	want := form.Answers{
		"helpers": {"named"}, "helpers.1.name": {"Noor"}, "helpers.1.relation": {"neighbour"}, "helpers.1.with": {"brieven lezen"},
		"companion": {"helper"}, "companion.helpers": {"1"}, "hide_from": {"no"}, "invite_how": {"you"},
		"companion_contact.phone": {"06 12 34 56 78"}, "companion_contact.email": {}, "companion_contact.knows": {"yes"},
		"for_whom": {"household"}, "story": {"Ik kom er niet meer uit.\nEr liggen te veel brieven."},
		"areas": {"money", "papers"}, "area_main": {"money"},
		"hard_date": {"other"}, "hard_date.day": {"18"}, "hard_date.month": {"12"}, "hard_date.year": {"2026"},
		"children": {"yes"}, "children.number": {"2"}, "children.ages": {"3 en 7 jaar"}, "goal": {"Rust in huis"},
		"safe_now": {"yes"}, "basics": {"nothing"}, "call_name": {"Sam"},
		"contact_way": {"call", "email"}, "phone": {"06 12 34 56 78"}, "email": {"sam@bewoner.example"},
		"safe_contact": {"call", "email"}, "safe_contact.when": {"na 10 uur"}, "safe_contact.message": {"no"},
		"postcode": {"9991 AB"}, "house_number": {"12"}, "no_fixed": {}, "birth_year": {"1985"},
		"orgs_now": {"de-schuldkade", "other"}, "orgs_now.other": {"de kerk"}, "known_worker": {"Fenna"}, "open_report": {"unknown"},
		"language": {"en"}, "language.interpreter": {"no"}, "place": {"outside"}, "moment": {"morning", "evening"},
		"access_needs": {"Een rustige plek"}, "experience": {"later"}, "going_well": {"Ik kook goed"},
		"give_back": {"yes"}, "give_back.what": {"koken"},
	}
	if got := nonEmpty(r.sent().Answers); !cmp.Equal(got, nonEmpty(want)) {
		t.Errorf("sent answers (-want +got):\n%s", cmp.Diff(nonEmpty(want), got))
	}
}

// nonEmpty leaves out what was skipped.
func nonEmpty(a form.Answers) form.Answers {
	said := form.Answers{}
	for field, values := range a {
		if len(values) > 0 {
			said[field] = values
		}
	}
	return said
}

func TestCallMeAsksAtMostSevenPages(t *testing.T) {
	d := openDoor(t)
	for name, tt := range map[string]struct {
		safe string
		want []string
	}{
		"somebody who is safe":     {"yes", []string{"11", "32", "51", "52", "54", "61"}},
		"somebody who is not safe": {"no", []string{"11", "32", "51", "52", "53", "54", "61"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := d.resident(t)
			check, passed := r.walk(r.begin(form.CallMe), map[string]url.Values{
				"11": {"helpers": {"none"}},
				"32": {"safe_now": {tt.safe}},
				"51": {"call_name": {"Sam"}},
				"52": {"contact_way": {"call"}, "phone": {"0612345678"}},
				"53": {"safe_contact": {"call"}},
				"54": {"no_fixed": {"yes"}, "area": {"zuid"}},
				"61": {"language": {"pl"}, "language.interpreter": {"yes"}},
			})
			if got := strings.ReplaceAll(strings.Join(paths(passed), " "), "/vraag/", ""); got != strings.Join(tt.want, " ") {
				t.Errorf("got pages %s, want %s", got, strings.Join(tt.want, " "))
			}
			if receipt := r.send(check); receipt.path != "/ontvangen" {
				t.Fatalf("sending led to %d %s", receipt.status, receipt.path)
			}
			if got := r.sent(); got.Path != form.CallMe || got.Answers.One("area") != "zuid" {
				t.Errorf("sent on path %q with area %q", got.Path, got.Answers.One("area"))
			}
		})
	}
}

// A1: who could help is asked first, in these words, on both ways.
func TestTheFirstQuestionIsWhoCouldHelp(t *testing.T) {
	d := openDoor(t)
	for _, path := range []form.Path{form.Full, form.CallMe} {
		p := d.resident(t).begin(path)
		if got, want := text(p.Find("h1")), "Wie zou jou bij deze problemen kunnen helpen?"; got != want {
			t.Errorf("%s begins with %q, want %q", path, got, want)
		}
		before := p.Find("main").Children().First()
		for ; before.Length() > 0 && !before.Is("h1"); before = before.Next() {
			if before.Find("input, textarea, select").Length() > 0 || strings.Contains(before.Text(), "?") {
				t.Errorf("%s asks %q before it", path, text(before))
			}
		}
	}
}

// A2: nobody, one or five helpers are all fine.
func TestAnyNumberOfHelpersIsAnAnswer(t *testing.T) {
	d := openDoor(t)
	for name, answers := range map[string]url.Values{
		"skipped":       {},
		"nobody":        {"helpers": {"none"}},
		"not known yet": {"helpers": {"unknown"}},
		"rather not":    {"helpers": {"rather_not"}},
		"one":           {"helpers.1.name": {"Noor"}},
		"a relation":    {"helpers.1.relation": {"neighbour"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := d.resident(t)
			if next := r.answer(r.begin(form.Full), answers); next.path != "/vraag/12" {
				t.Errorf("got %d %s, want the next page", next.status, next.path)
			}
		})
	}
	t.Run("five, a row at a time", func(t *testing.T) {
		r := d.resident(t)
		p := r.begin(form.Full)
		for _, row := range []string{"1", "2", "3", "4"} {
			p = r.answer(p, url.Values{"helpers." + row + ".name": {"Helper " + row}, "more": {"1"}})
		}
		if got := p.Find(`[name="more"]`).Length(); got != 0 {
			t.Errorf("a sixth helper is offered")
		}
		p = r.answer(p, url.Values{"helpers.5.name": {"Helper 5"}})
		if p.path != "/vraag/12" {
			t.Fatalf("got %d %s, want the next page", p.status, p.path)
		}
		if got := r.get("/vraag/11").Find(`[name$=".name"]`).Length(); got != 5 {
			t.Errorf("got %d helpers back, want 5", got)
		}
	})
}

func TestWhoHasNobodyHearsThatItIsFine(t *testing.T) {
	r := openDoor(t).resident(t)
	next := r.answer(r.begin(form.Full), url.Values{"helpers": {"none"}})
	want := "Dat geeft niet. Je krijgt gewoon hulp. We denken met je mee."
	if got := text(next.Find(".vd-alert")); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if r.get("/vraag/13").Find(".vd-alert").Length() != 0 {
		t.Error("it is said again on later pages")
	}
}

// A11: answers that a later change hides are not sent.
func TestAnAnswerThatIsHiddenByAChangeIsNeverSent(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	r.walk(r.begin(form.Full), fullAnswers())
	r.answer(r.get("/vraag/12?terug=controle"), url.Values{"companion": {"alone"}})
	r.answer(r.get("/vraag/24?terug=controle"), url.Values{"areas": {"papers"}})
	r.answer(r.get("/vraag/27?terug=controle"), url.Values{"children": {"no"}})
	back := r.answer(r.get("/vraag/52?terug=controle"), url.Values{"contact_way": {"email"}})
	if back.path != "/controle?na=52" {
		t.Fatalf("the change led to %s", back.path)
	}
	r.send(back)
	for field := range nonEmpty(r.sent().Answers) {
		hidden := []string{"companion.", "companion_contact.", "invite_how", "area_main", "children.", "phone"}
		if slices.ContainsFunc(hidden, func(h string) bool { return strings.HasPrefix(field, h) }) {
			t.Errorf("%s was sent though nobody asked for it", field)
		}
	}
}

// A10, ux 11: a name, one way to reach and where; nothing else.
//
//ux:11
func TestOnlyNameWayAndPlaceMustBeAnswered(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	p := r.begin(form.Full)
	var refused []string
	for p.path != "/controle" {
		id := strings.TrimPrefix(p.path, "/vraag/")
		next := r.answer(p, nil)
		if next.status == http.StatusUnprocessableEntity {
			refused = append(refused, id)
			next = r.answer(next, map[string]url.Values{
				"51": {"call_name": {"Sam"}}, "52": {"contact_way": {"come_by"}}, "54": {"postcode": {"9999 ZZ"}},
			}[id])
		}
		p = next
	}
	if got := strings.Join(refused, " "); got != "51 52 54" {
		t.Errorf("pages that want an answer: %s, want 51 52 54", got)
	}
	if receipt := r.send(p); receipt.path != "/ontvangen" {
		t.Errorf("sending led to %d %s", receipt.status, receipt.path)
	}
}
