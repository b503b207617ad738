package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"voordeur/internal/form"
)

// D9: a postcode outside the areas leads to the right municipality when the file knows it; nothing is sent, nothing is
// lost, and who lives or sleeps here all the same goes on.
//
// feature:D9
func TestAPostcodeOutsideTheAreas(t *testing.T) {
	d := openDoor(t)
	neighbour := d.Municipality.Neighbours[0]
	for name, tt := range map[string]struct {
		path     form.Path
		postcode string
		heading  string
		link     string
		number   string
	}{
		"next door":                    {form.Full, "9985 AB", "Deze postcode hoort bij " + neighbour.Name, neighbour.URL, neighbour.Number},
		"next door, on the short way":  {form.CallMe, "9985 AB", "Deze postcode hoort bij " + neighbour.Name, neighbour.URL, neighbour.Number},
		"somewhere the file knows not": {form.Full, "1000 AA", "Deze postcode hoort bij een andere gemeente", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := d.resident(t)
			r.begin(tt.path)
			r.answer(r.get("/vraag/51"), url.Values{"call_name": {"Sam"}})
			p := r.answer(r.get("/vraag/54"), url.Values{"postcode": {tt.postcode}, "house_number": {"12"}})
			alert := p.Find("main .vd-alert")
			if p.status != http.StatusUnprocessableEntity || text(alert.Find("h2")) != tt.heading {
				t.Fatalf("got %d %q", p.status, text(alert))
			}
			if got := alert.Find(`a[href^="https://"]`).AttrOr("href", ""); got != tt.link {
				t.Errorf("leads to %q, want %q", got, tt.link)
			}
			if got := text(alert.Find(".vd-phone strong")); got != tt.number {
				t.Errorf("says %q, want %q", got, tt.number)
			}
			if !strings.Contains(text(alert), "Wij sturen niets. Je antwoorden blijven hier staan.") {
				t.Errorf("does not say that nothing is sent: %s", text(alert))
			}
			if kept := formValues(p.Find("main form")); kept.Get("postcode") != tt.postcode || kept.Get("house_number") != "12" {
				t.Errorf("what was typed came back as %v", kept)
			}
			if a := r.draft().Answers; a.One("call_name") != "Sam" || a.One("postcode") != "" {
				t.Errorf("the draft holds %v", a)
			}
			if sent := r.send(r.get("/controle")); sent.status != http.StatusUnprocessableEntity {
				t.Errorf("sending answered %d", sent.status)
			}
			for way, values := range map[string]url.Values{
				"moved":            {"postcode": {"9991 AB"}},
				"sleeps elsewhere": {"postcode": {""}, "no_fixed": {"yes"}, "area": {"noord"}},
			} {
				if next := r.answer(p, values); next.status != http.StatusOK || next.path == "/vraag/54" {
					t.Errorf("who has %s gets no further: %d %s", way, next.status, next.path)
				}
			}
		})
	}
}

func TestAPostcodeOfTheAreasSaysNothingOfOthers(t *testing.T) {
	r := openDoor(t).resident(t)
	r.begin(form.Full)
	for name, postcode := range map[string]string{"no postcode": "12", "none": ""} {
		p := r.answer(r.get("/vraag/54"), url.Values{"postcode": {postcode}})
		if p.status != http.StatusUnprocessableEntity || p.Find("main .vd-alert").Length() > 0 {
			t.Errorf("%s: %d, %q", name, p.status, text(p.Find("main .vd-alert")))
		}
	}
}
