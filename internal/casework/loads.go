package casework

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"voordeur/internal/routing"
)

// A worker's load is a counter on their row, which moves in the transaction of the act that moves the case. Should an act
// ever forget it, routing would pass that worker over, or give them too much, and nobody would see why. So loads are
// counted from the cases as well, and a counter that drifted is put right.
//
// Acts go on meanwhile, and what is read is not of one moment. Yet no act makes a correction wrong:
//
//   - A correction is written on the condition that the counter is what it was when counting began, and that the worker got
//     no case since. Who gets a case is last assigned at another moment; who gets none and loses one has a lower counter.
//     So no act moved a case to or from this worker while their cases were read. A transaction that is under way on their
//     row comes after the correction, whose condition holds for it too, or makes it fail.
//   - It is written only when the run before, an hour or more earlier, saw the same counter, count and last assignment.
//     Every case of this worker has been theirs for an hour then. What was read in the midst of a transaction, or before
//     the index had a new case, is not believed.
//
// What is left is an index that lacks the same points twice, an hour apart: because it lags for so long, or because a case
// is on its way from one deadline to the next at both moments. The two runs after it put that right again. Whoever gets a
// case every hour waits for a quieter hour, at night if need be.

// Drift is a counter that is not what the worker's cases make.
type Drift struct {
	Worker       string
	Load         int       // as its counter says
	Counted      int       // from the cases
	LastAssigned time.Time // zero: never
}

func (d Drift) same(o Drift) bool {
	return d.Worker == o.Worker && d.Load == o.Load && d.Counted == o.Counted && d.LastAssigned.Equal(o.LastAssigned)
}

// Counted is how far counting has come. A run counts everybody, in as many parts as that takes.
type Counted struct {
	Version   int       // rises by one each time that it is kept
	At        time.Time // of the latest part
	After     string    // worker whom the run came to, "" once it is through
	Workers   int       // it counted
	Drifted   int       // of these
	Corrected []string  // workers, of those who drifted
	Found     []Drift   // in this run, and not corrected
	Before    []Drift   // Found of the run before
}

// LoadStore is where loads are found, and the cases that make them.
type LoadStore interface {
	// Counted says how far counting has come; the zero value before the first run.
	Counted(ctx context.Context) (Counted, error)
	// KeepCounted says how far it has come now. ErrConflict: somebody else said so since.
	KeepCounted(ctx context.Context, c Counted) error
	// CorrectLoad makes a worker's counter what was counted and keeps c, or does neither. done is false when the counter is
	// another one, or the worker was assigned a case since. ErrConflict: as for KeepCounted.
	CorrectLoad(ctx context.Context, d Drift, c Counted) (done bool, err error)
	// CountLoad adds up what a worker's cases weigh, and says how many it looked at.
	CountLoad(ctx context.Context, worker string) (points, cases int, err error)
	// People returns everybody, also who left.
	People(ctx context.Context) (People, error)
}

// Loads counts loads and corrects what drifted.
type Loads struct{ Store LoadStore }

const (
	countEvery = time.Hour // from the end of a run to the next
	// partMost bounds what one part looks at, cases and workers together; a worker is counted whole. So a run takes ten
	// minutes in a town with 10,000 open cases.
	partMost = 1_000
	// driftsMost bounds what a run remembers for the next. Those beyond it wait until the others are corrected.
	driftsMost = 100
)

// CountNext counts the next part of a run. A run that was missed is made up for by the next sweep. tell is told of a run
// that is through before that is kept: after a stop between the two it is told twice, not never.
func (l Loads) CountNext(ctx context.Context, now time.Time, tell func(Counted)) error {
	c, err := l.Store.Counted(ctx)
	if err != nil {
		return err
	}
	if c.After == "" {
		if now.Before(c.At.Add(countEvery)) {
			return nil
		}
		c = Counted{Version: c.Version, Before: c.Found}
	}
	c.At = now
	if err = l.part(ctx, &c); err == nil {
		if c.After == "" {
			tell(c)
		}
		c.Version++
		err = l.Store.KeepCounted(ctx, c)
	}
	if errors.Is(err, ErrConflict) {
		return nil // another sweep is counting
	}
	return err
}

// part counts workers until it is full, or everybody was counted.
func (l Loads) part(ctx context.Context, c *Counted) error {
	people, err := l.Store.People(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(people.Workers, func(a, b routing.Worker) int { return cmp.Compare(a.ID, b.ID) })
	looked := 0
	for _, w := range people.Workers {
		if w.ID <= c.After {
			continue
		}
		if looked >= partMost {
			return nil
		}
		points, cases, err := l.Store.CountLoad(ctx, w.ID)
		if err != nil {
			return err
		}
		looked += 1 + cases
		c.After = w.ID
		c.Workers++
		if points == w.Load {
			continue
		}
		if err := l.drifted(ctx, c, Drift{Worker: w.ID, Load: w.Load, Counted: points, LastAssigned: w.LastAssigned}); err != nil {
			return err
		}
	}
	c.After = ""
	return nil
}

// drifted corrects a drift that the run before saw the same, and remembers any other.
func (l Loads) drifted(ctx context.Context, c *Counted, d Drift) error {
	c.Drifted++
	if slices.ContainsFunc(c.Before, d.same) {
		corrected := *c
		corrected.Version++
		corrected.Corrected = append(slices.Clone(c.Corrected), d.Worker)
		done, err := l.Store.CorrectLoad(ctx, d, corrected)
		if err != nil {
			return err
		}
		if done {
			*c = corrected
			return nil
		}
	}
	if len(c.Found) < driftsMost {
		c.Found = append(c.Found, d)
	}
	return nil
}
