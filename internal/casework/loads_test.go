package casework_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/dynoxide/dynoxidetest"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/routing"
)

// counting is a town whose loads are counted by a clock of its own.
type counting struct {
	*testing.T
	town *exampletest.Town
	now  time.Time
	acts int
}

func newCounting(t *testing.T) *counting {
	t.Helper()
	return &counting{T: t, town: exampletest.New(t), now: monday()}
}

func (c *counting) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// part counts one part, so much later, and returns what it told.
func (c *counting) part(later time.Duration, store casework.LoadStore) (told []casework.Counted) {
	c.Helper()
	c.now = c.now.Add(later)
	c.must(casework.Loads{Store: store}.CountNext(c.Context(), c.now, func(n casework.Counted) { told = append(told, n) }))
	return told
}

// run counts everybody an hour later.
func (c *counting) run() casework.Counted {
	c.Helper()
	told := c.part(time.Hour, c.town.Store)
	if len(told) != 1 {
		c.Fatalf("told of %d runs, want one", len(told))
	}
	return told[0]
}

// drift moves a worker's counter and no case.
func (c *counting) drift(worker string, points int) {
	c.Helper()
	_, err := c.town.Store.Client.UpdateItem(c.Context(), &dynamodb.UpdateItemInput{
		TableName: &c.town.Store.Cases, UpdateExpression: new("ADD #load :points"),
		Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "WORKERS"}, "SK": &types.AttributeValueMemberS{Value: "WORKER#" + worker},
		},
		ExpressionAttributeNames:  map[string]string{"#load": "load"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":points": &types.AttributeValueMemberN{Value: strconv.Itoa(points)}},
	})
	c.must(err)
}

// drifts is by how much each counter differs from the cases as they are in the table, which nobody changes meanwhile.
func (c *counting) drifts() map[string]int {
	c.Helper()
	of := map[string]int{}
	people, err := c.town.Store.People(c.Context())
	c.must(err)
	for _, w := range people.Workers {
		of[w.ID] += w.Load
	}
	c.must(c.town.Store.Walk(c.Context(), func(r dynamo.Row, err error) error {
		if err != nil || r.Kind != "CASE" {
			return err
		}
		head, err := c.town.Store.Case(c.Context(), r.Case)
		if head.Bears() != "" {
			of[head.Bears()] -= head.Weight
		}
		return err
	}))
	for id, points := range of {
		if points == 0 {
			delete(of, id)
		}
	}
	return of
}

func (c *counting) want(drifts map[string]int) {
	c.Helper()
	if diff := cmp.Diff(drifts, c.drifts()); diff != "" {
		c.Errorf("counters drifted by (-want +got):\n%s", diff)
	}
}

// act does something to a case as it stands, each time a little later.
func (c *counting) act(ref casework.Reference, by string, do func(casework.Click) error) {
	c.Helper()
	c.acts++
	head, err := c.town.Store.Case(c.Context(), ref)
	c.must(err)
	if by == "" {
		by = head.Lead
	}
	c.must(do(click(c.now.Add(time.Duration(c.acts)*time.Millisecond), ref, by, head.Version, fmt.Sprint("act ", c.acts))))
}

// loses takes a case from whoever has it, into the coordinator's queue.
func (c *counting) loses(ref casework.Reference) {
	c.Helper()
	c.act(ref, "willem", func(k casework.Click) error { return c.town.Work.HandBack(c.Context(), k, "Ziek.") })
}

// gets gives a worker a case from that queue.
func (c *counting) gets(worker string, ref casework.Reference) {
	c.Helper()
	c.act(ref, "willem", func(k casework.Click) error { return c.town.Work.Place(c.Context(), k, worker, "Past.") })
}

// taken is a case that its lead took.
func (c *counting) taken() casework.Case {
	c.Helper()
	head := c.town.Case(c, c.now, exampletest.Answers(nil))
	c.act(head.ID, "", func(k casework.Click) error { return c.town.Work.Accept(c.Context(), k) })
	return head
}

func TestALoadThatDriftedIsCorrectedAtTheSecondLook(t *testing.T) { // threat:T28 //invariant:I5
	for name, by := range map[string]int{"the counter is too high": 3, "the counter is too low": -1} {
		t.Run(name, func(t *testing.T) {
			c := newCounting(t)
			lead := c.taken().Lead
			c.drift(lead, by)
			c.drift("mees", 2) // nobody ever assigned him a case
			both := map[string]int{lead: by, "mees": 2}
			people, err := c.town.Store.People(t.Context())
			c.must(err)
			first := c.run()
			c.want(both)
			if first.Workers != len(people.Workers) || first.Drifted != 2 || len(first.Corrected) > 0 {
				t.Errorf("first %+v", first)
			}
			second := c.run()
			c.want(map[string]int{})
			corrected := []string{lead, "mees"}
			slices.Sort(corrected)
			if second.Workers != len(people.Workers) || second.Drifted != 2 || !slices.Equal(second.Corrected, corrected) {
				t.Errorf("second %+v", second)
			}
			if third := c.run(); third.Drifted != 0 || len(third.Corrected) > 0 {
				t.Errorf("third %+v", third)
			}
		})
	}
}

func TestLoadsAreCountedEveryHourAndWhatWasMissedLater(t *testing.T) { // threat:T28 //threat:T33
	c := newCounting(t)
	for _, tt := range []struct {
		later time.Duration
		want  int
	}{
		{0, 1},
		{time.Minute, 0},
		{58 * time.Minute, 0},
		{time.Minute, 1},
		{30 * time.Minute, 0},
		{72 * time.Hour, 1}, // days were missed
		{time.Minute, 0},
		{59 * time.Minute, 1},
	} {
		if told := c.part(tt.later, c.town.Store); len(told) != tt.want {
			t.Errorf("%s later, on %s, told of %d runs, want %d", tt.later, c.now, len(told), tt.want)
		}
	}
}

// between is a store in which something happens at a moment of the count.
type between struct {
	*dynamo.Store
	correct func() // before a correction is written
	keep    func() error
	cases   int // what each worker's cases count for, besides themselves
	counted map[string]int
}

func (b *between) CorrectLoad(ctx context.Context, d casework.Drift, c casework.Counted) (bool, error) {
	if b.correct != nil {
		b.correct()
	}
	return b.Store.CorrectLoad(ctx, d, c)
}

func (b *between) KeepCounted(ctx context.Context, c casework.Counted) error {
	if b.keep != nil {
		if err := b.keep(); err != nil {
			return err
		}
	}
	return b.Store.KeepCounted(ctx, c)
}

func (b *between) CountLoad(ctx context.Context, worker string) (points, cases int, err error) {
	if b.counted != nil {
		b.counted[worker]++
	}
	points, cases, err = b.Store.CountLoad(ctx, worker)
	return points, cases + b.cases, err
}

// Whatever somebody does between the count and its correction, the counter keeps the drift that it had: no act is lost,
// and none counts twice. Once it is quiet the drift goes.
func TestAnActBetweenCountAndCorrectionIsNotLost(t *testing.T) { // threat:T28 //invariant:I5
	for name, act := range map[string]func(c *counting, worker string, has, queued casework.Reference){
		"the worker gets a case":  func(c *counting, worker string, _, queued casework.Reference) { c.gets(worker, queued) },
		"the worker loses a case": func(c *counting, _ string, has, _ casework.Reference) { c.loses(has) },
		"the worker gets one and loses another, so that the counter is as it was": func(c *counting, worker string, has, queued casework.Reference) {
			c.gets(worker, queued)
			c.loses(has)
		},
		"the worker loses one and gets another, so that the counter is as it was": func(c *counting, worker string, has, queued casework.Reference) {
			c.loses(has)
			c.gets(worker, queued)
		},
		"a counter that another sweep corrected": func(c *counting, worker string, _, _ casework.Reference) { c.drift(worker, -2) },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounting(t)
			has, queued := c.taken(), c.taken()
			c.loses(queued.ID)
			c.drift(has.Lead, 2)
			c.run()
			meddled := &between{Store: c.town.Store, correct: func() { act(c, has.Lead, has.ID, queued.ID) }}
			told := c.part(time.Hour, meddled)
			if len(told) != 1 || told[0].Drifted != 1 || len(told[0].Corrected) > 0 {
				t.Errorf("told %+v", told)
			}
			left := map[string]int{has.Lead: 2}
			if strings.Contains(name, "corrected") {
				left = map[string]int{}
			}
			c.want(left)
			c.run()
			c.want(left) // what the last run saw was not so when it ended
			c.run()
			c.want(map[string]int{})
		})
	}
}

// From run to run the same drift is not enough: the counter and the cases must be the same too.
func TestADriftOfSomebodyWhoGetsCasesWaits(t *testing.T) { // threat:T28
	c := newCounting(t)
	lead, other := c.taken().Lead, c.taken()
	c.loses(other.ID)
	c.drift(lead, 2)
	c.run()
	c.gets(lead, other.ID)
	if n := c.run(); n.Drifted != 1 || len(n.Corrected) > 0 {
		t.Errorf("after a case came: %+v", n)
	}
	c.loses(other.ID)
	c.gets(lead, other.ID) // counter and count are as in the run before
	if n := c.run(); n.Drifted != 1 || len(n.Corrected) > 0 {
		t.Errorf("after a case went and came: %+v", n)
	}
	if n := c.run(); !slices.Equal(n.Corrected, []string{lead}) {
		t.Errorf("after a quiet hour: %+v", n)
	}
	c.want(map[string]int{})
}

// lagging is a store whose lead index does not have cases that it should, or has some that it should not, as long as it
// lags.
type lagging struct {
	mu     sync.Mutex
	lacks  map[casework.Reference]bool
	has    map[casework.Reference]bool
	behind bool
}

func (l *lagging) lag(behind bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.behind = behind
}

func (l *lagging) RoundTrip(r *http.Request) (*http.Response, error) {
	asked, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(asked))
	response, err := http.DefaultTransport.RoundTrip(r)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil || !l.behind || !strings.Contains(string(asked), `"IndexName":"lead"`) {
		return response, err
	}
	var answer map[string]any
	if err := errors.Join(json.NewDecoder(response.Body).Decode(&answer), response.Body.Close()); err != nil {
		return nil, err
	}
	items, _ := answer["Items"].([]any)
	items = slices.DeleteFunc(items, func(it any) bool {
		key := fmt.Sprint(it)
		return slices.ContainsFunc(refsIn(l.lacks), func(ref casework.Reference) bool { return strings.Contains(key, string(ref)) })
	})
	for _, ref := range refsIn(l.has) {
		for range 2 { // as while a case moves within the index
			items = append(items, map[string]any{"PK": map[string]any{"S": "CASE#" + string(ref)}, "SK": map[string]any{"S": "CASE"}})
		}
	}
	answer["Items"], answer["Count"] = items, len(items)
	body, err := json.Marshal(answer)
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	response.Header.Del("Content-Length")
	response.Header.Del("X-Amz-Crc32")
	return response, err
}

func refsIn(set map[casework.Reference]bool) (refs []casework.Reference) {
	for ref := range set {
		refs = append(refs, ref)
	}
	return refs
}

// through has the town's store go by way of an index that lags.
func (l *lagging) through(c *counting) {
	config := c.town.Config.Copy()
	config.HTTPClient = &http.Client{Transport: l}
	c.town.Store.Client = dynamodb.NewFromConfig(config)
}

// An index that lacks a case for one run, or has one that went elsewhere, changes no counter.
func TestAnIndexThatLagsChangesNoLoad(t *testing.T) { // threat:T28 //threat:T27
	c := newCounting(t)
	old, gone, fresh := c.taken(), c.taken(), c.taken()
	c.loses(gone.ID)
	l := &lagging{lacks: map[casework.Reference]bool{fresh.ID: true}, has: map[casework.Reference]bool{gone.ID: true, old.ID: true}}
	l.through(c)
	for i, behind := range []bool{false, true, false, true, false} {
		l.lag(behind)
		n, want := c.run(), map[bool]int{true: 1}[behind] // whose newest case it lacks
		if n.Drifted != want || len(n.Corrected) > 0 {
			t.Errorf("run %d, the index lags: %t, told %+v", i, behind, n)
		}
		c.want(map[string]int{})
	}
}

// Of a counter that did drift, a count that misses a case between two others corrects nothing, and puts it off.
func TestAnIndexThatLagsMakesNoDriftAnother(t *testing.T) { // threat:T28
	c := newCounting(t)
	head := c.taken()
	c.drift(head.Lead, 2)
	l := &lagging{lacks: map[casework.Reference]bool{head.ID: true}}
	l.through(c)
	var corrected []int
	for _, behind := range []bool{false, true, false, false} {
		if len(corrected) < 3 {
			c.want(map[string]int{head.Lead: 2})
		}
		l.lag(behind)
		corrected = append(corrected, len(c.run().Corrected))
	}
	if want := []int{0, 0, 0, 1}; !slices.Equal(corrected, want) {
		t.Errorf("corrected %v, want %v", corrected, want)
	}
	c.want(map[string]int{})
}

// A counter that goes on drifting is corrected once it has stopped.
func TestADriftThatGrowsWaits(t *testing.T) { // threat:T28
	c := newCounting(t)
	var corrected []int
	for _, by := range []int{2, 1, 0, 0} {
		c.drift("mees", by)
		corrected = append(corrected, len(c.run().Corrected))
	}
	if want := []int{0, 0, 1, 0}; !slices.Equal(corrected, want) {
		t.Errorf("corrected %v, want %v", corrected, want)
	}
}

// One that lags for an hour and longer takes a counter along, for as long as it lags and two runs more; both corrections
// are told.
func TestWhatAnIndexThatLagsForHoursDidIsPutRight(t *testing.T) { // threat:T28
	c := newCounting(t)
	head := c.taken()
	l := &lagging{lacks: map[casework.Reference]bool{head.ID: true}}
	l.through(c)
	var corrected []int
	for _, behind := range []bool{true, true, true, false, false, false} {
		l.lag(behind)
		corrected = append(corrected, len(c.run().Corrected))
	}
	if want := []int{0, 1, 0, 0, 1, 0}; !slices.Equal(corrected, want) {
		t.Errorf("corrected %v, want %v", corrected, want)
	}
	c.want(map[string]int{})
}

// T26: a correction whose answer is lost is told all the same, once; so is a run that is not known to be kept.
func TestALostAnswerHidesNoCorrection(t *testing.T) { // threat:T28 //threat:T26
	c := newCounting(t)
	c.drift("mees", 2)
	c.run()
	var lose atomic.Int32
	faults := &dynoxidetest.Faults{Next: func(operation string) dynoxidetest.Fault {
		if operation == "TransactWriteItems" && lose.Add(-1) >= 0 {
			return dynoxidetest.DropAfter
		}
		return dynoxidetest.None
	}}
	c.town.Store.Client = dynamodb.NewFromConfig(faults.With(c.town.Config.Copy()))
	lose.Store(1)
	if n := c.run(); !slices.Equal(n.Corrected, []string{"mees"}) {
		t.Errorf("the answer was lost and asked for again: %+v", n)
	}
	c.want(map[string]int{})

	c.drift("mees", 1)
	c.run()
	lose.Store(1 << 20)
	c.now = c.now.Add(time.Hour)
	err := casework.Loads{Store: c.town.Store}.CountNext(t.Context(), c.now, func(n casework.Counted) { t.Errorf("told %+v", n) })
	lose.Store(0)
	c.want(map[string]int{})
	if err == nil {
		t.Error("no answer ever came, and it is no error")
	}
	if told := c.part(time.Minute, c.town.Store); len(told) != 1 || !slices.Equal(told[0].Corrected, []string{"mees"}) {
		t.Errorf("the minute after: %+v", told)
	}
}

func TestARunThatIsNotKeptIsToldAgain(t *testing.T) { // threat:T28
	c := newCounting(t)
	c.drift("mees", 2)
	c.run()
	stops := &between{Store: c.town.Store, keep: func() error { return errors.New("stopped") }}
	c.now = c.now.Add(time.Hour)
	told := 0
	tell := func(n casework.Counted) {
		told++
		if !slices.Equal(n.Corrected, []string{"mees"}) || n.Drifted != 1 {
			t.Errorf("told %+v", n)
		}
	}
	if err := (casework.Loads{Store: stops}).CountNext(t.Context(), c.now, tell); err == nil {
		t.Error("it is not kept, and that is no error")
	}
	for range 3 {
		c.now = c.now.Add(time.Minute)
		c.must(casework.Loads{Store: c.town.Store}.CountNext(t.Context(), c.now, tell))
	}
	if told != 2 {
		t.Errorf("told %d times, want twice", told)
	}
	c.want(map[string]int{})
}

// A big town is counted in parts, a minute each, everybody once; the next run begins an hour after the end of the last.
func TestABigTownIsCountedInParts(t *testing.T) { // threat:T28 //threat:T27
	c := newCounting(t)
	big := &between{Store: c.town.Store, cases: 333, counted: map[string]int{}} // three workers make a part
	people, err := c.town.Store.People(t.Context())
	c.must(err)
	parts := (len(people.Workers) + 2) / 3
	first, last := people.Workers[0].ID, people.Workers[len(people.Workers)-1].ID
	c.drift(first, 2)
	c.drift(last, -2)
	ends := 0
	for run := range 2 {
		for part := range parts {
			counted := len(big.counted)
			told := c.part(time.Minute, big)
			if len(big.counted)-counted > 3 {
				t.Errorf("a part counts %d workers", len(big.counted)-counted)
			}
			if through := part == parts-1; (len(told) == 1) != through {
				t.Fatalf("run %d, part %d of %d: told %+v", run, part, parts, told)
			}
			for _, n := range told {
				ends++
				if n.Workers != len(people.Workers) || n.Drifted != 2 || len(n.Corrected) != 2*run {
					t.Errorf("run %d: %+v", run, n)
				}
			}
		}
		for id, times := range big.counted {
			if times != 1 {
				t.Errorf("run %d counts %s %d times", run, id, times)
			}
		}
		if len(big.counted) != len(people.Workers) {
			t.Errorf("run %d counts %d workers, want %d", run, len(big.counted), len(people.Workers))
		}
		clear(big.counted)
		if told := c.part(59*time.Minute, big); len(told) > 0 || len(big.counted) > 0 {
			t.Error("a run begins less than an hour after the end of the one before")
		}
	}
	if ends != 2 {
		t.Errorf("told of %d runs, want two", ends)
	}
	c.want(map[string]int{})
}

// What a run remembers is bounded, so that its row never grows too big to be written.
func TestMoreDriftsThanARunRemembersGoInTurns(t *testing.T) { // threat:T28
	c := newCounting(t)
	for i := range 103 {
		id := fmt.Sprintf("w%03d", i)
		c.must(c.town.Store.AddWorker(t.Context(), directory.Card{Name: "Iemand"}, routing.Worker{ID: id, Load: 1}))
	}
	var corrected, found []int
	for range 4 {
		n := c.run()
		corrected, found = append(corrected, len(n.Corrected)), append(found, len(n.Found))
	}
	if want := []int{0, 100, 3, 0}; !slices.Equal(corrected, want) {
		t.Errorf("corrected %v, want %v", corrected, want)
	}
	if want := []int{100, 3, 0, 0}; !slices.Equal(found, want) {
		t.Errorf("remembered %v, want %v", found, want)
	}
	c.want(map[string]int{})
}

// Sweeps that meet count once, and none of them fails.
func TestSweepsThatMeetCorrectOnce(t *testing.T) { // threat:T28
	c := newCounting(t)
	c.drift("mees", 2)
	c.drift("fenna", 1)
	c.run()
	c.now = c.now.Add(time.Hour)
	var told atomic.Int32
	atOnce(6, func(int) {
		if err := (casework.Loads{Store: c.town.Store}).CountNext(t.Context(), c.now, func(casework.Counted) { told.Add(1) }); err != nil {
			t.Error(err)
		}
	})
	kept, err := c.town.Store.Counted(t.Context())
	if err != nil || told.Load() == 0 || !slices.Equal(kept.Corrected, []string{"fenna", "mees"}) || kept.Workers == 0 || kept.After != "" {
		t.Errorf("told %d times, kept %+v, %v", told.Load(), kept, err)
	}
	c.want(map[string]int{})
	if n := c.run(); n.Drifted != 0 {
		t.Errorf("the next run: %+v", n)
	}
}

// While several people act on several cases at once, answers get lost and the loads are counted all the time: no act
// makes a drift, no count makes one, and one that was there goes.
func TestRacingActsNeverMakeACorrectionWrong(t *testing.T) { // threat:T28 //invariant:I5
	for round := range 4 {
		t.Run(fmt.Sprint("round ", round), func(t *testing.T) {
			t.Parallel()
			c := newCounting(t)
			var refs []casework.Reference
			for range 4 {
				refs = append(refs, c.taken().ID)
			}
			drifted := map[string]int{}
			if round%2 == 1 {
				c.drift("fenna", 2)
				drifted["fenna"] = 2
			}
			var moment atomic.Int64
			var mu sync.Mutex
			faulty := rand.New(rand.NewPCG(uint64(round), 1))
			faults := &dynoxidetest.Faults{Next: func(string) dynoxidetest.Fault {
				mu.Lock()
				defer mu.Unlock()
				switch faulty.IntN(40) {
				case 0:
					return dynoxidetest.DropBefore
				case 1:
					return dynoxidetest.DropAfter
				}
				return dynoxidetest.None
			}}
			c.town.Store.Client = dynamodb.NewFromConfig(faults.With(c.town.Config.Copy()))
			var acting sync.WaitGroup
			for client := range 3 {
				acting.Go(func() {
					rnd := rand.New(rand.NewPCG(uint64(round), uint64(client+2)))
					for i := range 25 {
						r := race{town: c.town, ref: refs[rnd.IntN(len(refs))], now: c.now.Add(time.Duration(moment.Add(1)) * time.Millisecond)}
						r.act(t, client*100+i, rnd)
					}
				})
			}
			quiet := make(chan struct{})
			go func() { acting.Wait(); close(quiet) }()
			for hour := 1; ; hour++ {
				_ = casework.Loads{Store: c.town.Store}.CountNext(t.Context(), c.now.Add(time.Duration(hour)*time.Hour), func(n casework.Counted) {
					for _, worker := range n.Corrected {
						if drifted[worker] == 0 {
							t.Errorf("the load of %s was right, and was corrected", worker)
						}
					}
				})
				select {
				case <-quiet:
				default:
					continue
				}
				c.now = c.now.Add(time.Duration(hour) * time.Hour)
				break
			}
			c.town.Store.Client = dynamodb.NewFromConfig(c.town.Config)
			c.run()
			c.run()
			c.want(map[string]int{})
		})
	}
}

// short is a transport that has the lead index answer with one entry a page.
type short struct{}

func (short) RoundTrip(r *http.Request) (*http.Response, error) {
	asked, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	asked = bytes.Replace(asked, []byte(`"IndexName":"lead"`), []byte(`"IndexName":"lead","Limit":1`), 1)
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(asked)), int64(len(asked))
	return http.DefaultTransport.RoundTrip(r)
}

// The load is made of what somebody leads: a first look, a queue and a list are not. However many pages the index has.
func TestALoadIsMadeOfTheCasesThatAreLed(t *testing.T) { // threat:T28
	c := newCounting(t)
	urgent := c.town.Case(t, c.now, exampletest.Answers(form.Answers{"basics": {"food"}})) // has a first look
	asks, queued := c.taken(), c.taken()
	c.act(asks.ID, "", func(k casework.Click) error {
		return c.town.Work.Ask(c.Context(), k, casework.Asking{Of: "hanna", Question: "Wat nu?", Basis: casework.OnTask})
	})
	c.loses(queued.ID)
	want, owned := map[string]int{}, map[string]int{"willem": 1}
	for _, head := range []casework.Case{urgent, asks, c.taken(), c.taken()} {
		want[head.Lead] += head.Weight
		owned[head.Lead]++
	}
	config := c.town.Config.Copy()
	config.HTTPClient = &http.Client{Transport: short{}}
	c.town.Store.Client = dynamodb.NewFromConfig(config)
	people, err := c.town.Store.People(t.Context())
	c.must(err)
	for _, w := range people.Workers {
		points, cases, err := c.town.Store.CountLoad(t.Context(), w.ID)
		if err != nil || points != want[w.ID] || cases != owned[w.ID] {
			t.Errorf("%s has %d points of %d cases, want %d of %d; %v", w.ID, points, cases, want[w.ID], owned[w.ID], err)
		}
	}
}

// One read takes a hundred cases, whether or not they are there.
func TestSomebodyWithMoreCasesThanOneReadTakesIsCounted(t *testing.T) { // threat:T28
	c := newCounting(t)
	head := c.taken()
	l := &lagging{has: map[casework.Reference]bool{}, behind: true}
	for range 230 {
		l.has[casework.NewSecret().Reference(0)] = true
	}
	l.through(c)
	points, cases, err := c.town.Store.CountLoad(t.Context(), head.Lead)
	if err != nil || points != head.Weight || cases != 231 {
		t.Errorf("%d points of %d cases, %v", points, cases, err)
	}
}
