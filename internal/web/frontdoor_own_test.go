package web_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// keepTime has dispatch do what a case's deadlines ask for, up to a moment.
func (d *door) keepTime(t *testing.T, ref casework.Reference, until time.Time) {
	t.Helper()
	for {
		c, err := d.Store.Case(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		due, ok := c.Next()
		if !ok || due.Wake.After(until) {
			d.now = until
			return
		}
		if err := d.Work.Overdue(t.Context(), due.Wake, ref); err != nil {
			t.Fatal(err)
		}
	}
}

// taken has a report become a case, and returns the promise to its resident.
func (d *door) taken(t *testing.T, ref casework.Reference) casework.Deadline {
	t.Helper()
	if err := d.Work.Take(t.Context(), d.now, ref); err != nil {
		t.Fatal(err)
	}
	c, err := d.Store.Case(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	promise, _ := c.Deadline(casework.DueContact)
	return promise
}

// The own page promises no call that nobody can make, also after the promise was broken.
//
//ux:17
func TestTheOwnPagePromisesNoCallThatNobodyCanMake(t *testing.T) {
	const promise, late, place = "neemt contact met je op", "Je hoort vóór", "Buurthuis De Sluis Sluisplein 1, Waterstad"
	for name, tt := range map[string]struct {
		way, safe url.Values
		called    bool
	}{
		"who may be called":      {url.Values{"contact_way": {"call", "come_by"}, "phone": {"06 12345678"}}, nil, true},
		"who only comes by":      {url.Values{"contact_way": {"come_by"}}, nil, false},
		"who called no way safe": {url.Values{"contact_way": {"call"}, "phone": {"06 12345678"}}, url.Values{"safe_contact": {"none"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDoorOf(t, "waterstad", true)
			r := d.resident(t)
			answers := fullAnswers()
			answers["52"], answers["53"] = tt.way, tt.safe
			check, _ := r.walk(r.begin(form.Full), answers)
			own := r.get(r.send(check).Find(`a[href^="/mijn/"]`).AttrOr("href", ""))
			if got := text(own.Find("main")); strings.Contains(got, promise) != tt.called || strings.Contains(got, place) == tt.called {
				t.Errorf("at first it says %q", got)
			}
			ref := r.secret().Reference(0)
			due := d.taken(t, ref)
			d.clock = d.clock.Add(time.Minute)
			d.keepTime(t, ref, due.At)
			path, _, _ := strings.Cut(own.path, "?")
			got := text(r.get(path).Find("main"))
			if !strings.Contains(got, "Het lukte niet op tijd") || strings.Contains(got, late) != tt.called || strings.Contains(got, place) == tt.called {
				t.Errorf("after a broken promise it says %q", got)
			}
		})
	}
}

// A promise that was broken says so on the resident's own page: who looks at it now, and a new date.
//
//ux:19
func TestABrokenPromiseIsSaidOnTheOwnPage(t *testing.T) {
	tests := map[string]struct {
		town  string
		query string
		looks string // who looks at it now
		sorry string
	}{
		"in Dutch":     {"waterstad", "", "Het lukte niet op tijd Willem Sluiswachter kijkt er nu naar. Je hoort vóór", "Onze excuses."},
		"formally":     {"duinrand", "", "kijkt er nu naar. U hoort vóór", "Onze excuses."},
		"in English":   {"waterstad", "?taal=en", "We did not manage in time Willem Sluiswachter is looking at it now. You will hear from us before", "We are sorry."},
		"in Arabic":    {"waterstad", "?taal=ar", "لم نتمكن من ذلك في الوقت المحدد", "نعتذر لك."},
		"in Turkish":   {"waterstad", "?taal=tr", "Willem Sluiswachter şimdi bununla ilgileniyor.", "Özür dileriz."},
		"in Ukrainian": {"waterstad", "?taal=uk", "Зараз цим займається Willem Sluiswachter.", "Просимо вибачення."},
		"in Polish":    {"waterstad", "?taal=pl", "Teraz zajmuje się tym Willem Sluiswachter.", "Przepraszamy."},
		"in Tigrinya":  {"waterstad", "?taal=ti", "ሕጂ Willem Sluiswachter ይርእዮ ኣሎ።", "ይቕሬታ ንሓትት።"},
		"in Somali":    {"waterstad", "?taal=so", "Hadda waxaa arrinta eegaya Willem Sluiswachter.", "Waan ka xunnahay."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := openDoorOf(t, tt.town, true)
			r := d.resident(t)
			answers := fullAnswers()
			if tt.town == "duinrand" {
				answers["41"], answers["54"]["postcode"] = nil, []string{"9985 AB"}
			}
			check, _ := r.walk(r.begin(form.Full), answers)
			own := r.get(r.send(check).Find(`a[href^="/mijn/"]`).AttrOr("href", "")).path
			ref := r.secret().Reference(0)
			promise := d.taken(t, ref)
			own, _, _ = strings.Cut(own, "?")

			d.keepTime(t, ref, promise.At.Add(-time.Second))
			if before := r.get(own + tt.query); strings.Contains(text(before.Find("main")), tt.sorry) {
				t.Error("the page is sorry before the promise is broken")
			}
			d.clock = d.clock.Add(time.Minute)
			d.keepTime(t, ref, promise.At)
			after := r.get(own + tt.query)
			said := text(after.Find(".vd-alert--warning"))
			for _, want := range []string{tt.looks, tt.sorry} {
				if !strings.Contains(said, want) {
					t.Errorf("got %q, want it to say %q", said, want)
				}
			}
			renewed, err := d.Store.Case(t.Context(), ref)
			if err != nil {
				t.Fatal(err)
			}
			due, _ := renewed.Deadline(casework.DueContact)
			for _, want := range []string{strconv.Itoa(municipality.Local(due.At).Day()), municipality.Local(due.At).Format("15")} {
				if date := text(after.Find(".vd-alert--warning strong")); !due.At.After(promise.At) || !strings.Contains(date, want) {
					t.Errorf("the new date %q does not say %s of %s", date, want, due.At)
				}
			}
		})
	}
}
