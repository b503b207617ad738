package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// A13: what happens next, by when, who, and a number that can be read aloud.
func TestTheReceiptSaysWhatHappensNextByWhen(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	check, _ := r.walk(r.begin(form.Full), fullAnswers())
	receipt := r.send(check)
	number := string(r.secret().Reference(0))
	said := text(receipt.Find("main"))
	for _, want := range []string{
		"zaterdag 21 november, 12.00 uur",
		number,
		strings.Join(strings.Split(number[:3], ""), " "), // read aloud
		"vóór vrijdag 27 november, 17.00 uur",
		"zaterdag 28 november", // own plan
		d.Municipality.Numbers.Team.Number,
		d.Municipality.Supporter.Name, d.Municipality.Supporter.Number,
		"Neem iemand mee",
		"Bel ons en noem je nummer", // to change or to stop: the own page takes no change either
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the receipt lacks %q: %s", want, said)
		}
	}
}

// Nobody may call or write to who called no way safe: the receipt does not promise it (T01), and says in words that tell
// nothing to who reads along where to come and whom to call.
//
// threat:T01
//
//ux:17
func TestWhoCalledNoWaySafeIsNotPromisedACall(t *testing.T) {
	d := openDoor(t)
	for name, pages := range map[string]map[string]url.Values{
		"under a safety flag":  {"32": {"safe_now": {"no"}}, "53": {"safe_contact": {"none"}}},
		"under no safety flag": {"32": {"safe_now": {"yes"}}, "53": {"safe_contact": {"none"}}},
	} {
		t.Run(name, func(t *testing.T) {
			r := d.resident(t)
			check, _ := r.walk(r.begin(form.Full), with(fullAnswers(), pages))
			got := text(r.send(check).Find("main"))
			for _, want := range []string{"We bellen, mailen en schrijven je niet.", "Buurthuis De Sluis", d.Municipality.Numbers.Team.Number} {
				if !strings.Contains(got, want) {
					t.Errorf("the receipt lacks %q: %s", want, got)
				}
			}
			for _, never := range []string{"neemt contact met je op", "veilig"} {
				if strings.Contains(got, never) {
					t.Errorf("the receipt says %q: %s", never, got)
				}
			}
		})
	}
}

// Nobody can call who only comes by, nor may under a safety flag who called nothing else safe: the receipt says where and
// when, and promises nothing else.
//
//ux:17
func TestWhoComesByHearsWhereAndWhen(t *testing.T) {
	d := openDoor(t)
	const promise, place = "neemt contact met je op", "Buurthuis De Sluis Sluisplein 1, Waterstad maandag tot en met vrijdag"
	both := url.Values{"contact_way": {"call", "come_by"}, "phone": {"06 12345678"}}
	for name, tt := range map[string]struct {
		safe       string
		way        url.Values
		called     url.Values // safe
		says, lack string
	}{
		"who only comes by":                {"yes", url.Values{"contact_way": {"come_by"}}, nil, place, promise},
		"who may also be called":           {"yes", both, nil, promise, place},
		"who is called and no other":       {"yes", url.Values{"contact_way": {"call"}, "phone": {"06 12345678"}}, nil, promise, place},
		"who is safe only when coming by":  {"no", both, url.Values{"safe_contact": {"come_by"}}, place, promise},
		"who is safe when called as well":  {"no", both, url.Values{"safe_contact": {"call", "come_by"}}, promise, place},
		"who is safe only when called":     {"no", both, url.Values{"safe_contact": {"call"}}, promise, place},
		"who only comes by, and is unsafe": {"no", url.Values{"contact_way": {"come_by"}}, url.Values{"safe_contact": {"come_by"}}, place, promise},
	} {
		t.Run(name, func(t *testing.T) {
			r := d.resident(t)
			check, _ := r.walk(r.begin(form.CallMe), map[string]url.Values{
				"32": {"safe_now": {tt.safe}}, "51": {"call_name": {"Sam"}}, "52": tt.way, "53": tt.called, "54": {"postcode": {"9991 AB"}},
			})
			if got := text(r.send(check).Find("main")); !strings.Contains(got, tt.says) || strings.Contains(got, tt.lack) {
				t.Errorf("the receipt says %s", got)
			}
		})
	}
}

func TestUnderASafetyFlagTheReceiptHasNoLink(t *testing.T) {
	d := openDoor(t)
	for name, tt := range map[string]struct {
		answers map[string]url.Values
		links   int
	}{
		"somebody who is safe":     {fullAnswers(), 1},
		"somebody who is not safe": {with(fullAnswers(), map[string]url.Values{"32": {"safe_now": {"sometimes"}}}), 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := d.resident(t)
			check, _ := r.walk(r.begin(form.Full), tt.answers)
			if got := r.send(check).Find(`a[href^="/mijn/"]`).Length(); got != tt.links {
				t.Errorf("got %d links, want %d", got, tt.links)
			}
		})
	}
}

// T03, T04, I12: the own page shows no answer; every link that opens nothing looks the same.
//
// threat:T03
// threat:T04
// invariant:I12
func TestTheOwnPageOpensWithItsLinkAlone(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	check, _ := r.walk(r.begin(form.Full), fullAnswers())
	link := r.send(check).Find(`a[href^="/mijn/"]`).AttrOr("href", "")
	stranger := d.resident(t)
	own := stranger.get(link)
	if own.status != http.StatusOK || !strings.Contains(own.Text(), string(r.secret().Reference(0))) {
		t.Fatalf("the link answered %d", own.status)
	}
	for _, answer := range []string{"Sam", "Noor", "9991", "schulden", "06 12 34 56 78"} {
		if strings.Contains(own.Text(), answer) {
			t.Errorf("the page shows the answer %q", answer)
		}
	}
	if own.Find(`meta[name="robots"][content="noindex"]`).Length() != 1 {
		t.Error("search engines may keep the page")
	}
	var shut []string
	for _, path := range []string{
		"/mijn/" + casework.NewSecret().LinkToken().String(),
		"/mijn/" + string(r.secret().Reference(0)),
		"/mijn/" + strings.ToLower(strings.TrimPrefix(link, "/mijn/")),
	} {
		p := stranger.get(path)
		shut = append(shut, http.StatusText(p.status)+text(p.Selection))
	}
	d.now = d.now.Add(casework.LinkLasts)
	p := stranger.get(link)
	for _, got := range append(shut, http.StatusText(p.status)+text(p.Selection)) {
		if got != shut[0] || !strings.HasPrefix(got, "Not Found") {
			t.Errorf("got %q, want the same as %q", got, shut[0])
		}
	}
}

func TestTheReceiptOfNothingSentIsTheCheckPage(t *testing.T) {
	r := openDoor(t).resident(t)
	r.begin(form.Full)
	if got := r.get("/ontvangen").path; got != "/controle" {
		t.Errorf("led to %s", got)
	}
}

func TestTheReceiptStaysTheSameLater(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	check, _ := r.walk(r.begin(form.Full), fullAnswers())
	first := text(r.send(check).Selection)
	d.now = d.now.Add(time.Hour)
	if later := text(r.send(check).Selection); later != first {
		t.Errorf("got\n%s\nwant\n%s", later, first)
	}
}
