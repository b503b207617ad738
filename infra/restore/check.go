package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/routing"
	"voordeur/internal/seal"
)

// fault is something that does not fit, as it is printed behind a number.
type fault string

// The faults.
const (
	unreadable fault = "rows that cannot be read"
	noKey      fault = "envelopes whose key pair is not there"
	noReport   fault = "cases, contents and links without a report"
	noContent  fault = "reports without content"
	noCase     fault = "reports taken, events, mails, looks, matches and handoffs without a case"
	history    fault = "histories that do not end in their head"
	noOwner    fault = "open cases without exactly one lead or coordinator"
	noDeadline fault = "open cases without a deadline"
	load       fault = "workers whose load is not that of their cases"
)

// findings is what a table holds, in numbers.
type findings struct {
	rows              map[string]int // by kind
	cases, open       int
	waiting, owed     int // reports not taken, messages pending
	faults            map[fault]int
	heads, unreadable map[casework.Reference]bool // cases; those of the second cannot be read whole
	reports, contents map[casework.Reference]bool
	needReport        map[casework.Reference]bool // cases with rows that belong to a report
	needCase          map[casework.Reference]bool // cases with rows that belong to a head
	loads             map[string]int              // by worker, from the cases
}

// check reads the whole table: each row, then each case with its history.
func check(ctx context.Context, store *dynamo.Store) (findings, error) {
	f := findings{
		rows: map[string]int{}, faults: map[fault]int{}, loads: map[string]int{},
		heads: map[casework.Reference]bool{}, unreadable: map[casework.Reference]bool{},
		reports: map[casework.Reference]bool{}, contents: map[casework.Reference]bool{},
		needReport: map[casework.Reference]bool{}, needCase: map[casework.Reference]bool{},
	}
	keys, err := store.Keys(ctx)
	if err != nil {
		return findings{}, err
	}
	if err := store.Walk(ctx, func(r dynamo.Row, err error) error { f.row(r, err, keys); return nil }); err != nil {
		return findings{}, err
	}
	f.relations()
	people, err := store.People(ctx)
	if err != nil {
		return findings{}, err
	}
	for _, ref := range slices.Sorted(maps.Keys(f.heads)) {
		if f.unreadable[ref] {
			continue // counted as such
		}
		d, err := store.Dossier(ctx, ref)
		if err != nil {
			return findings{}, err
		}
		f.dossier(d, people)
	}
	for _, w := range people.Workers {
		if w.Load != f.loads[w.ID] && len(f.unreadable) == 0 { // what a case weighs that cannot be read, nobody knows
			f.faults[load]++
		}
	}
	return f, nil
}

// row counts a row and keeps what it belongs to. A row that goes by itself may have lost the others already.
func (f *findings) row(r dynamo.Row, err error, keys []casework.Key) {
	f.rows[r.Kind]++
	if err != nil {
		f.faults[unreadable]++
		if slices.Contains([]string{"CASE", "EVENT", "MESSAGE"}, r.Kind) {
			f.unreadable[r.Case] = true
		}
	}
	for _, s := range r.Sealed {
		n, err := seal.KeyNumber(s.Envelope)
		held := func(k casework.Key) bool { return k.Purpose == s.Purpose && k.N == n }
		if err != nil || !slices.ContainsFunc(keys, held) {
			f.faults[noKey]++
		}
	}
	if r.Owed != "" {
		f.owed++
	}
	if r.Expires || r.Case == "" {
		return
	}
	switch r.Kind {
	case "REPORT":
		f.reports[r.Case] = true
		if r.Waits {
			f.waiting++
		} else {
			f.needCase[r.Case] = true
		}
	case "CONTENT":
		f.contents[r.Case], f.needReport[r.Case] = true, true
	case "LINK":
		f.needReport[r.Case] = true
	case "CASE":
		f.heads[r.Case], f.needReport[r.Case] = true, true
	case "MESSAGE":
		f.needReport[r.Case] = true // the mail that suspected reports wait belongs to one that is no case yet
	case "EVENT", "LOOK", "LIST", "MATCH", "HANDOFF", "FILE":
		f.needCase[r.Case] = true
	}
}

// relations counts what belongs to nothing.
func (f *findings) relations() {
	for ref := range f.needReport {
		if !f.reports[ref] {
			f.faults[noReport]++
		}
	}
	for ref := range f.needCase {
		if !f.heads[ref] {
			f.faults[noCase]++
		}
	}
	for ref := range f.reports {
		if !f.contents[ref] {
			f.faults[noContent]++
		}
	}
}

// dossier counts what does not fit in one case.
func (f *findings) dossier(d casework.Dossier, people casework.People) {
	c := d.Case
	f.cases++
	if err := casework.CheckChain(c, d.Events); err != nil {
		f.faults[history]++
	}
	if !c.Open() {
		return
	}
	f.open++
	f.loads[c.Bears()] += c.Weight
	works := func(w routing.Worker) bool { return w.ID == c.Owner() }
	if (c.Lead == "") == (c.Coordinator == "") || !slices.ContainsFunc(people.Workers, works) {
		f.faults[noOwner]++
	}
	contacted := func(e casework.Event) bool { return e.Kind == casework.EvContacted }
	spoken := c.State == casework.Accepted && slices.ContainsFunc(d.Events, contacted)
	if _, due := c.Next(); !due && !spoken {
		f.faults[noDeadline]++
	}
}

// print tells the findings in numbers; faults are an error.
func (f *findings) print(out io.Writer) error {
	var b strings.Builder
	b.WriteString("rows:")
	for _, kind := range slices.Sorted(maps.Keys(f.rows)) {
		fmt.Fprintf(&b, " %s %d", kind, f.rows[kind])
	}
	fmt.Fprintf(&b, "\ncases: %d, of which open %d\nreports that wait: %d\nmails owed: %d\n", f.cases, f.open, f.waiting, f.owed)
	for _, what := range slices.Sorted(maps.Keys(f.faults)) {
		fmt.Fprintf(&b, "fault: %d %s\n", f.faults[what], what)
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return err
	}
	if len(f.faults) > 0 {
		return errors.New("the table has faults: do not use it before each is understood")
	}
	return nil
}
