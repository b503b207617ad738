package web_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voordeur/infra/local/example/exampletest"
)

// callCounter writes down the calls to the store.
type callCounter struct {
	next http.RoundTripper

	mu    sync.Mutex
	calls []storeCall
}

type storeCall struct {
	operation  string
	start, end time.Time
}

// callTakes is how long each call takes, so that calls that need not wait for each other are under way together.
const callTakes = 40 * time.Millisecond

// RoundTrip counts a call once, however often the SDK has to try it.
func (c *callCounter) RoundTrip(r *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	start := time.Now() //nolint:forbidigo // measures what the store really takes
	time.Sleep(callTakes)
	resp, err := c.next.RoundTrip(r)
	if !strings.HasPrefix(r.Header.Get("Amz-Sdk-Request"), "attempt=1") {
		return resp, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, storeCall{operation, start, time.Now()}) //nolint:forbidigo // see above
	return resp, err
}

// take returns the calls since the last take, and the longest row of calls that each waited for the one before.
func (c *callCounter) take() (operations []string, rounds int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var ended time.Time
	slices.SortFunc(c.calls, func(a, b storeCall) int { return a.end.Compare(b.end) })
	for _, call := range c.calls {
		operations = append(operations, call.operation)
		if !call.start.Before(ended) {
			rounds, ended = rounds+1, call.end
		}
	}
	c.calls = nil
	return operations, rounds
}

func TestACallThatIsTriedAgainIsCountedOnce(t *testing.T) {
	var tries atomic.Int32
	counter := &callCounter{next: roundTripper(func(r *http.Request) (*http.Response, error) {
		if tries.Add(1) == 1 {
			return nil, errors.New("connection reset")
		}
		return http.DefaultTransport.RoundTrip(r)
	})}
	o := openOffice(t, through(counter))
	counter.take()
	tries.Store(0)
	if _, err := o.store.People(t.Context()); err != nil {
		t.Fatal(err)
	}
	if calls, rounds := counter.take(); len(calls) != 1 || rounds != 1 || tries.Load() != 2 {
		t.Errorf("%v in %d rounds after %d tries, want one call", calls, rounds, tries.Load())
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (rt roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return rt(r) }

// Budget: a page costs five calls to the store in three rounds, however long ago the session was seen before.
func TestADeskPageKeepsToItsBudgetOfStoreCalls(t *testing.T) {
	counter := &callCounter{next: http.DefaultTransport}
	o := openOffice(t, through(counter))
	c := o.Case(t, o.now, exampletest.Answers(nil))
	o.breaksGlass(t, "emre", c.ID)
	o.signedIn(t, "emre").get(caseURL(c)) // so that there is something to see
	seats := map[string]*colleague{"lead": o.signedIn(t, c.Lead), "emre": o.signedIn(t, "emre"), "iris": o.signedIn(t, "iris"), "willem": o.signedIn(t, "willem")}
	o.sweep(t)
	for name, tt := range map[string]struct {
		path  string
		pause time.Duration
		calls int
		who   string
	}{
		"today":                     {"/desk/", 0, 5, "lead"},
		"the list":                  {"/desk/casussen", 0, 5, "lead"},
		"a case":                    {caseURL(c), 0, 5, "lead"},
		"a colleague's list":        {"/desk/team/" + c.Lead, 0, 5, "lead"},
		"the team":                  {"/desk/team", 0, 2, "lead"},
		"when somebody is away":     {"/desk/afwezig/" + c.Lead, 0, 2, "lead"},
		"today after two minutes":   {"/desk/", 2 * time.Minute, 5, "lead"},
		"a plan":                    {caseURL(c) + "/blad", 0, 5, "lead"},
		"a case after two minutes":  {caseURL(c), 2 * time.Minute, 5, "lead"},
		"a case after half an hour": {caseURL(c), 30 * time.Minute, 5, "lead"},
		"today after half a minute": {"/desk/", 30 * time.Second, 5, "lead"},
		"a case behind glass":       {caseURL(c), 0, 5, "emre"},
		"the key for an emergency":  {"/desk/noodsleutel", 0, 2, "emre"},
		"broken glasses":            {"/desk/toezicht", 0, 4, "iris"},
		"who read a case":           {"/desk/toezicht/casus/" + string(c.ID), 0, 4, "iris"},
		"what a worker saw":         {"/desk/toezicht/medewerker/emre/2026-11-23", 0, 5, "iris"},
		"what the duty screen has":  {"/desk/dienst", 0, 5, "willem"},
	} {
		b := seats[tt.who]
		o.later(2 * time.Minute)
		for _, b := range seats {
			b.get("/desk/") // seen just now, and nobody for so long that their session ends
		}
		o.later(tt.pause)
		counter.take()
		if a := b.get(tt.path); a.status != http.StatusOK {
			t.Fatalf("%s: %d", name, a.status)
		}
		if calls, rounds := counter.take(); len(calls) != tt.calls || rounds > 3 {
			t.Errorf("%s: %d calls in %d rounds, want %d in 3: %v", name, len(calls), rounds, tt.calls, calls)
		}
	}
	handsOn := o.signedIn(t, "willem") // at the end: the case may go to another lead
	handsOn.send(handsOn.get("/desk/team/"+c.Lead+"/doorgeven"), "/doorgeven", "lead."+string(c.ID), "mees", "reason", "Dat past beter.")
	for path, calls := range map[string]int{"doorgeven": 5, "doorgegeven": 5} {
		counter.take()
		handsOn.get("/desk/team/" + c.Lead + "/" + path)
		if got, rounds := counter.take(); len(got) != calls || rounds > 3 {
			t.Errorf("%s: %d calls in %d rounds, want %d in 3: %v", path, len(got), rounds, calls, got)
		}
	}
}
