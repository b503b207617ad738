package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
)

// keyCounter writes down the calls to the store, with how many rows each asks for.
type keyCounter struct {
	mu    sync.Mutex
	asked []string
}

func (c *keyCounter) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	c.mu.Lock()
	c.asked = append(c.asked, operation+strings.Repeat(" row", bytes.Count(body, []byte(`"SK"`))))
	c.mu.Unlock()
	return http.DefaultTransport.RoundTrip(r)
}

// take returns the calls since the last take, in any order.
func (c *keyCounter) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	asked := c.asked
	c.asked = nil
	slices.Sort(asked)
	return asked
}

// through has the desk's store go through a transport.
func through(transport http.RoundTripper) func(*office) {
	return func(o *office) {
		client := dynamodb.NewFromConfig(o.Config, func(options *dynamodb.Options) {
			options.HTTPClient = &http.Client{Transport: transport}
		})
		o.store.Store = &dynamo.Store{Client: client, Cases: o.Store.Cases, Short: o.Store.Short}
	}
}

// search looks for a text from the search page.
func (c *colleague) search(text string) deskAnswer {
	c.t.Helper()
	return c.send(c.get("/desk/zoeken"), "/zoeken", "wat", text)
}

// G7: the answer is the same, to the byte, and costs the same calls for the same rows, whoever is asked about.
//
// threat:T14
func TestASearchRevealsNothing(t *testing.T) {
	counter := &keyCounter{}
	o := openOffice(t, through(counter))
	answers := exampletest.Answers(nil)
	c := o.Case(t, o.now, answers)
	other := exampletest.Answers(form.Answers{"house_number": {"9997"}})
	o.Case(t, o.now, other)
	flagged := unsafe()
	flagged["phone"], flagged["email"], flagged["house_number"] = []string{"06 11112222"}, []string{"bo@post.example"}, []string{"9998"}
	hidden := o.Case(t, o.now, exampletest.Answers(flagged))
	b := o.signedIn(t, otherThan(c))
	b.get("/desk/")
	for name, tt := range map[string]struct {
		alike []string // texts of one kind: for each the same answer for the same work
		not   []string // texts of that kind that nobody left: the other answer for the same work
	}{
		"telephone numbers": {
			[]string{answers.One("phone"), other.One("phone")}, []string{"06 99998888", "06 11112222"},
		},
		"addresses of the post": {
			[]string{answers.One("email"), other.One("email")}, []string{"niemand@post.example", "bo@post.example"},
		},
		"addresses": {
			[]string{"9991 AB " + answers.One("house_number"), "9991AB9997"}, []string{"9991 AB 9996", "9991 AB 9998"},
		},
		"references": {
			[]string{string(c.ID), string(hidden.ID)}, []string{string(casework.NewSecret().Reference(0))},
		},
	} {
		t.Run(name, func(t *testing.T) {
			ask := func(text string) (deskAnswer, []string) {
				page := b.get("/desk/zoeken")
				counter.take()
				a := b.send(page, "/zoeken", "wat", text)
				if a.status != http.StatusOK || a.path != "/desk/zoeken" || strings.Contains(a.body, text) {
					t.Fatalf("%s: %d at %s", text, a.status, a.path)
				}
				return a, counter.take()
			}
			found, work := ask(tt.alike[0])
			if got := deskText(found.Find("[role=status] p").First()); got != "Er loopt misschien al iets. Overleg met de coördinator." {
				t.Errorf("says %q of who is there", got)
			}
			if links := found.Find("main a[href^='/desk/']").Not("[href='/desk/noodsleutel']").Length(); links > 0 {
				t.Errorf("leads on in %d ways", links)
			}
			nothing, _ := ask(tt.not[0])
			if got := deskText(nothing.Find("[role=status]")); got != "Niets gevonden. Niet alles is hier te vinden." {
				t.Errorf("says %q of nobody", got)
			}
			for want, texts := range map[*deskAnswer][]string{&found: tt.alike, &nothing: tt.not} {
				for _, text := range texts {
					a, calls := ask(text)
					if diff := cmp.Diff(want.body, a.body); diff != "" {
						t.Errorf("another page:\n%s", diff)
					}
					if diff := cmp.Diff(work, calls); diff != "" {
						t.Errorf("other work:\n%s", diff)
					}
				}
			}
		})
	}
}

// Budget: five calls in three rounds.
func TestASearchKeepsToItsBudgetOfStoreCalls(t *testing.T) {
	counter := &callCounter{next: http.DefaultTransport}
	o := openOffice(t, through(counter))
	answers := exampletest.Answers(nil)
	c := o.Case(t, o.now, answers)
	b := o.signedIn(t, c.Lead)
	page := b.get("/desk/zoeken")
	for _, text := range []string{answers.One("phone"), string(c.ID), "06 99998888"} {
		counter.take()
		b.send(page, "/zoeken", "wat", text)
		if calls, rounds := counter.take(); len(calls) > 5 || rounds > 3 {
			t.Errorf("%d calls in %d rounds, want 5 in 3: %v", len(calls), rounds, calls)
		}
	}
}

// Who may read a case opens it by its number, and by nothing else.
func TestANumberLeadsToACaseForWhoMayReadIt(t *testing.T) {
	o := openOffice(t)
	answers := exampletest.Answers(nil)
	c := o.Case(t, o.now, answers)
	for worker, want := range map[string]string{c.Lead: caseURL(c), "willem": caseURL(c), otherThan(c): ""} {
		b := o.signedIn(t, worker)
		if got := b.search(strings.ToLower(string(c.ID))).link("Casus " + string(c.ID) + " openen"); got != want {
			t.Errorf("%s is led to %q, want %q", worker, got, want)
		}
		if n := b.search(answers.One("phone")).Find("main a[href*='/casus/']").Length(); n > 0 {
			t.Errorf("a telephone number leads %s to a case", worker)
		}
	}
	if said := o.store.log.take(); slices.ContainsFunc(said, func(s string) bool { return strings.HasPrefix(s, "open") }) {
		t.Errorf("a search opened something: %v", said)
	}
}

// That somebody searched is written down before the answer, and what for is nowhere.
//
// invariant:I9
// invariant:I13
func TestASearchIsWrittenDownAndWhatForIsNot(t *testing.T) {
	o := openOffice(t)
	b := o.signedIn(t, "mees")
	page, before := b.get("/desk/zoeken"), o.snapshot(t)
	o.store.audits = nil
	a := b.send(page, "/zoeken", "wat", "kanarie@post.example")
	if diff := cmp.Diff([]casework.Audit{{At: o.now, Worker: "mees", Page: "POST /desk/zoeken"}}, o.store.audits); diff != "" || a.status != http.StatusOK {
		t.Errorf("%d, audit rows (-want +got):\n%s", a.status, diff)
	}
	for _, table := range []string{o.Store.Cases, o.Store.Short} {
		out, err := o.Store.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table})
		if err != nil {
			t.Fatal(err)
		}
		if raw, err := json.Marshal(out.Items); err != nil || strings.Contains(string(raw), "kanarie") {
			t.Errorf("what was looked for is kept, or %v", err)
		}
	}
	for row := range o.snapshot(t) {
		if _, ok := before[row]; !ok && row != "SEARCHES#2026-11-23T09#mees SEARCHES" {
			t.Errorf("a search left %s", row)
		}
	}
	o.store.failAudit = true
	if a := b.send(page, "/zoeken", "wat", "06 12345678"); a.status != http.StatusInternalServerError || strings.Contains(a.body, "gevonden") {
		t.Errorf("without an audit row: %d %s", a.status, deskText(a.Find("main")))
	}
}

func TestWhoSearchesTooOftenWaits(t *testing.T) { // threat:T14
	o := openOffice(t)
	o.later(30 * time.Minute)
	b := o.signedIn(t, "mees")
	page := b.get("/desk/zoeken")
	for n := range casework.SearchesMost {
		if a := b.send(page, "/zoeken", "wat", "06 12345678"); a.status != http.StatusOK {
			t.Fatalf("search %d: %d", n+1, a.status)
		}
	}
	a := b.send(page, "/zoeken", "wat", "06 12345678")
	if said := deskText(a.Find("[role=status]")); a.status != http.StatusTooManyRequests || !strings.Contains(said, "Vanaf vandaag, 11.00 uur kan het weer.") ||
		a.Find("main a[href='tel:0880002012']").Length() != 1 || strings.Contains(a.body, "misschien") {
		t.Errorf("%d: %s", a.status, said)
	}
	o.later(30 * time.Minute)
	if a := b.search("06 12345678"); a.status != http.StatusOK {
		t.Errorf("in the next hour: %d", a.status)
	}
}

//ux:10
func TestWhatCannotBeLookedForIsKeptAndSaysWhatCan(t *testing.T) {
	o := openOffice(t)
	b := o.signedIn(t, "mees")
	o.store.audits = nil
	for _, text := range []string{"Sam Voorbeeld", "", `"><b>x`} {
		a := b.search(text)
		problem := deskText(a.Find(".vd-problems a[href='#wat']"))
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(problem, "9991 AB 12") || a.Find("#wat").AttrOr("value", "") != text {
			t.Errorf("%q: %d %q, value %q", text, a.status, problem, a.Find("#wat").AttrOr("value", ""))
		}
	}
	if len(o.store.audits) > 0 {
		t.Error("nobody was looked for, and it was written down")
	}
}

// Entering begins with looking, and looking leads to entering.
func TestEnteringBeginsWithASearch(t *testing.T) {
	o := openOffice(t)
	b := o.signedIn(t, "mees")
	a := b.get("/desk/invoer")
	if first := a.Find("main form, main .vd-card").First(); !first.Is("form[action='/desk/zoeken']") {
		t.Fatal("entering does not begin with a search")
	}
	if got := b.send(a, "/zoeken", "wat", "06 99998888").link("Een nieuwe vraag invoeren"); got != "/desk/invoer" {
		t.Errorf("nothing found leads to %q", got)
	}
}

// Whoever is told to call the coordinator reads whom to call, also when the coordinator is away: who stands in, or else whom
// the municipality named for that.
func TestWhomToCallIsNeverNobody(t *testing.T) { // feature:G4 //invariant:I8
	for name, tt := range map[string]struct {
		away func(t *testing.T, o *office)
		want string
		link string
	}{
		"the coordinator is there": {
			away: func(*testing.T, *office) {},
			want: "Willem Sluiswachter 088 000 2012", link: "tel:0880002012",
		},
		"somebody stands in": {
			away: func(t *testing.T, o *office) { o.standIn(t, "willem", "2026-11-27", "daan") },
			want: "Daan Stuurman, vervanger van Willem Sluiswachter 088 000 2002", link: "tel:0880002002",
		},
		"who stands in is away too": {
			away: func(t *testing.T, o *office) {
				o.standIn(t, "willem", "2026-11-27", "daan")
				o.standIn(t, "daan", "2026-11-27", "fenna")
			},
			want: "Teammanager wijkteams teammanager@waterstad.example", link: "mailto:teammanager@waterstad.example",
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			o.Case(t, o.now, exampletest.Answers(form.Answers{"phone": {"06 12345678"}}))
			tt.away(t, o)
			a := o.signedIn(t, "mees").search("06 12345678")
			calls := a.Find("main .vd-phones a")
			if got := deskText(calls); got != tt.want || calls.AttrOr("href", "") != tt.link {
				t.Errorf("it says to call %q at %q, want %q at %q", got, calls.AttrOr("href", ""), tt.want, tt.link)
			}
		})
	}
}
