package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"voordeur/internal/bucket"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/municipality"
)

// kept is what the digests hold: the day of each hash.
type kept map[string]casework.Day

// checker compares a table with the digests of its days.
type checker struct {
	out            io.Writer
	first, last    casework.Day // digested
	today          casework.Day
	events, audits kept
	seen           map[string]bool // hashes that were met in the table, or in the line of a destroyed case
	destroyed      []casework.Destruction
	met, gone      int // rows that are as they were; events of destroyed cases
	fresh          int // rows of days that have no digest yet, or were before there were digests
	faults         int
}

// wholeAfter is from which day on, counted from the first, a digest holds everything: on the two before it a release may
// have run that left no hashes.
const wholeAfter = 2

func (c *checker) fault(format string, a ...any) {
	c.faults++
	fmt.Fprintf(c.out, "fault: "+format+"\n", a...) // what cannot be told here is still counted
}

// read reads every digest and follows their chain.
func (c *checker) read(ctx context.Context, from bucket.Bucket) error {
	days, err := from.Days(ctx)
	if err != nil {
		return err
	}
	if len(days) == 0 {
		return errors.New("the bucket has no digest: nothing can be compared")
	}
	c.first, c.last = days[0], days[len(days)-1]
	var before casework.Digest
	hash := ""
	for _, day := range days {
		content, err := from.Digest(ctx, day)
		if err != nil {
			return fmt.Errorf("digest of %s: %w", day, err)
		}
		var d casework.Digest
		if err := json.Unmarshal(content, &d); err != nil {
			c.fault("the digest of %s cannot be read", day)
			continue
		}
		for missed := before.Day.Plus(1); before.Day != "" && missed < day; missed = missed.Plus(1) {
			c.fault("%s has no digest", missed)
		}
		if d.Day != day || d.Previous != hash || before.Day != "" && d.Municipality != before.Municipality {
			c.fault("the digest of %s does not follow the one before it", day)
		}
		for _, h := range d.Events {
			c.events[h] = day
		}
		for _, h := range d.Audits {
			c.audits[h] = day
		}
		before, hash = d, casework.HashDigest(content)
	}
	return nil
}

// compare looks up every event and every audit row of the table.
func (c *checker) compare(ctx context.Context, store *dynamo.Store) error {
	cases := map[casework.Reference]bool{}
	err := store.Walk(ctx, func(r dynamo.Row, err error) error {
		switch {
		case r.Kind == "EVENT":
			cases[r.Case] = true
		case r.Kind == "AUDIT" && err != nil:
			c.fault("an audit row cannot be read")
		case r.Kind == "AUDIT":
			return c.audit(r.Audit)
		case r.Kind == "DESTROYED" && err != nil:
			c.fault("a line of the register cannot be read")
		case r.Kind == "DESTROYED":
			c.destroyed = append(c.destroyed, r.Left)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, ref := range slices.Sorted(maps.Keys(cases)) {
		events, err := store.History(ctx, ref)
		if err != nil {
			c.fault("history of case %s: cannot be read", ref)
			continue
		}
		if err := c.history(events); err != nil {
			return err
		}
	}
	for _, line := range c.destroyed {
		if err := c.register(line); err != nil {
			return err
		}
	}
	return nil
}

// register passes over the events of a destroyed case, unless its line was made up: the last of them is that it was
// destroyed, on the line's day, with these words, and none is of a later day.
func (c *checker) register(line casework.Destruction) error {
	day := casework.DayOf(line.At)
	if line.Category == municipality.KeptBot {
		return nil // it was no case
	}
	unedited, err := line.Unedited()
	if err != nil {
		return err
	}
	later := func(hash string) bool { return c.events[hash] > day }
	in := func(hash string) bool { return c.undigested(day) || c.events[hash] == day }
	if !unedited || day > c.today || slices.ContainsFunc(line.Hashes, later) || !in(line.Hashes[len(line.Hashes)-1]) {
		c.fault("line of the register of case %s, of %s, was edited or added after its digest", line.Case, day)
		return nil
	}
	for _, hash := range line.Hashes {
		if _, digested := c.events[hash]; digested && !c.seen[hash] {
			c.seen[hash] = true
			c.gone++
		}
	}
	return nil
}

func (c *checker) audit(row casework.AuditRow) error {
	hash, err := row.Hash()
	if err != nil {
		return err
	}
	day := casework.DayOf(row.At)
	if !c.meet(c.audits, hash, day) {
		c.fault("audit row %s of %s was edited or added after its digest", row.ID, day)
	}
	return nil
}

// history looks up a case's events. Smoke tests leave nothing in a digest.
func (c *checker) history(events []casework.Event) error {
	unedited, err := casework.Unedited(events)
	if err != nil {
		return err
	}
	for i, e := range events {
		day := casework.DayOf(e.At)
		switch met := e.Kind == casework.EvSmokeTest || c.meet(c.events, hex.EncodeToString(e.Hash), day); {
		case !met:
			c.fault("event %d of case %s, of %s, was edited or added after its digest", e.Version, e.Case, day)
		case !unedited[i]:
			c.fault("event %d of case %s, of %s, was edited: its words are not those of its hash", e.Version, e.Case, day)
		}
	}
	return nil
}

// meet looks a hash up and says whether all is well with it: it stands in the digest of its day, or that day has none that
// would hold it.
func (c *checker) meet(all kept, hash string, day casework.Day) bool {
	if all[hash] == day && !c.seen[hash] {
		c.seen[hash] = true
		c.met++
		return true
	}
	if c.undigested(day) {
		c.fresh++
		return true
	}
	return false
}

// undigested says whether no digest holds all of a day.
func (c *checker) undigested(day casework.Day) bool {
	return day > c.last || day < c.first.Plus(wholeAfter)
}

// conclude tells of what is in a digest and not in the table, and then whether all is well.
func (c *checker) conclude() error {
	for what, all := range map[string]kept{"event": c.events, "audit row": c.audits} {
		for _, hash := range slices.Sorted(maps.Keys(all)) {
			if c.seen[hash] {
				continue
			}
			c.fault("%s %s of %s was edited or removed after its digest", what, hash, all[hash])
		}
	}
	if _, err := fmt.Fprintf(c.out, "digests: %s to %s\nas they were: %d rows\nof destroyed cases: %d rows\nin no digest: %d rows\n", c.first, c.last, c.met, c.gone, c.fresh); err != nil {
		return err
	}
	if c.faults > 0 {
		return fmt.Errorf("%d faults: the table is not what it was when its days were digested", c.faults)
	}
	return nil
}
