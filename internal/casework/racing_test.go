package casework_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/infra/local/dynoxide/dynoxidetest"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
)

// stood is how a case stood: what racing acts agree or disagree about.
type stood struct {
	Version int
	State   casework.State
	Owner   string
}

// tried is one act of a history.
type tried struct {
	Shown   int    // the version that its page showed; 0: it only reads
	Command string // "": dispatch, by the clock
}

// came is what came of it.
type came struct {
	Done    bool
	Unknown bool  // its answer was lost: it may have been done, or be done yet
	Now     stood // as read, or after it
}

// oneCase is a case that changes one version at a time: an act is done on the version that it was shown and on no
// other, and whoever reads sees the newest.
func oneCase(start stood) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return start },
		Step: func(state, input, output any) (bool, any) {
			is, in, out := state.(stood), input.(tried), output.(came)
			switch {
			case in.Shown == 0:
				return out.Now == is, is
			case !out.Done:
				return true, is
			}
			return in.Shown == is.Version && out.Now.Version == is.Version+1, out.Now
		},
		Equal: func(a, b any) bool { return a == b },
		DescribeOperation: func(input, output any) string {
			return fmt.Sprintf("%+v → %+v", input, output)
		},
	}
}

// race records what several people do to one case at once, while answers get lost.
type race struct {
	town *exampletest.Town
	ref  casework.Reference
	now  time.Time

	mu      sync.Mutex
	history []porcupine.Operation
	clock   int64
}

func (r *race) tick() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock++
	return r.clock
}

func (r *race) record(client int, call int64, in tried, out came) {
	end := r.tick()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.history = append(r.history, porcupine.Operation{ClientId: client, Input: in, Call: call, Output: out, Return: end})
}

func (r *race) read(t *testing.T, client int) casework.Case {
	call := r.tick()
	c, err := r.town.Store.Case(t.Context(), r.ref)
	if err != nil {
		return casework.Case{}
	}
	r.record(client, call, tried{}, came{Now: stood{c.Version, c.State, c.Owner()}})
	return c
}

// act has somebody do what suits the case as it looks to them, or the clock strike.
func (r *race) act(t *testing.T, client int, rnd *rand.Rand) {
	c := r.read(t, client)
	if c.ID == "" {
		return
	}
	w, by := r.town.Work, reader(c.Owner())
	if c.Handover.To != "" && rnd.IntN(2) == 0 {
		by = reader(c.Handover.To)
	}
	command := fmt.Sprintf("client %d version %d %d", client, c.Version, rnd.Int())
	k := casework.Click{At: r.now, Case: r.ref, By: by, Shown: c.Version, Command: command}
	handing := casework.HandingOver{To: []string{"fenna", "emre", "daan"}[rnd.IntN(3)], Talk: r.now.AddDate(0, 0, 3), Told: casework.ByCall, Reason: "Beter."}
	acts := []func() error{
		func() error { return w.Accept(t.Context(), k) },
		func() error { return w.GiveBack(t.Context(), k, "Te druk.", false) },
		func() error { return w.BeginHandover(t.Context(), k, handing) },
		func() error { return w.AcceptHandover(t.Context(), k, handing.Talk) },
		func() error { return w.EndHandover(t.Context(), k, "Toch niet.") },
		func() error { k.By = reader("willem"); return w.Reassign(t.Context(), k, handing) },
		func() error { k.By = reader("willem"); return w.HandBack(t.Context(), k, "Weg.") },
		func() error { k.By = reader("willem"); return w.Place(t.Context(), k, handing.To, "Past.") },
	}
	call := r.tick()
	err := acts[rnd.IntN(len(acts))]()
	out := came{Done: err == nil, Unknown: err != nil && !refusal(err)}
	r.record(client, call, tried{Shown: c.Version, Command: command}, out)
}

func refusal(err error) bool {
	_, refused := errors.AsType[*casework.TransitionError](err)
	_, stale := errors.AsType[*casework.StaleError](err)
	return refused || stale || errors.Is(err, casework.ErrNotFound)
}

// settled completes the history from what the case's own says: what an act led to, and whether one whose answer was lost
// was done after all. An act that was done and left no event is a lie, and so is an event of an act that was refused.
func (r *race) settled(t *testing.T) []porcupine.Operation {
	t.Helper()
	d, err := r.town.Store.Dossier(t.Context(), r.ref)
	if err != nil {
		t.Fatal(err)
	}
	if err := casework.CheckChain(d.Case, d.Events); err != nil {
		t.Fatal(err)
	}
	history := slices.Clone(r.history)
	for i, op := range history {
		in, out := op.Input.(tried), op.Output.(came)
		if in.Shown == 0 {
			continue
		}
		at := slices.IndexFunc(d.Events, func(e casework.Event) bool { return e.Command == in.Command })
		if done := at >= 0; done != out.Done && !out.Unknown {
			t.Fatalf("%+v ended as %+v, and in the history it is done: %v", in, out, done)
		}
		if at < 0 {
			continue
		}
		ev := d.Events[at]
		out.Done, out.Now = true, stood{ev.Version, ev.To, ev.Lead}
		if ev.To.Queued() {
			out.Now.Owner = "willem" // the one coordinator
		}
		if out.Unknown {
			history[i].Return = 1 << 60
		}
		history[i].Output = out
	}
	return history
}

func TestRacingActsAreDoneOneAfterAnother(t *testing.T) { // invariant:I3
	for round := range 6 {
		t.Run(fmt.Sprint("round ", round), func(t *testing.T) {
			t.Parallel()
			town := exampletest.New(t)
			c := town.Case(t, monday(), exampletest.Answers(nil))
			r := &race{town: town, ref: c.ID, now: monday().Add(time.Minute)}
			var mu sync.Mutex
			faulty := rand.New(rand.NewPCG(uint64(round), 1))
			faults := &dynoxidetest.Faults{Next: func(string) dynoxidetest.Fault {
				mu.Lock()
				defer mu.Unlock()
				switch faulty.IntN(20) {
				case 0:
					return dynoxidetest.DropBefore
				case 1:
					return dynoxidetest.DropAfter
				}
				return dynoxidetest.None
			}}
			town.Store.Client = dynamodb.NewFromConfig(faults.With(town.Config))
			atOnce(5, func(client int) {
				rnd := rand.New(rand.NewPCG(uint64(round), uint64(client+2)))
				for range 12 {
					r.act(t, client, rnd)
				}
			})
			town.Store.Client = dynamodb.NewFromConfig(town.Config)
			history := r.settled(t)
			start := stood{c.Version, c.State, c.Owner()}
			if !porcupine.CheckOperations(oneCase(start), history) {
				t.Errorf("no order of %d acts explains what everybody saw", len(history))
			}
		})
	}
}
