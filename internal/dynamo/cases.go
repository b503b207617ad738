package dynamo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
)

// Case returns a case's head, or casework.ErrNotFound.
func (s *Store) Case(ctx context.Context, ref casework.Reference) (casework.Case, error) {
	row, err := get[caseRow](ctx, s, s.Cases, caseKey(ref))
	if err == nil && row.forgotten() {
		err = casework.ErrNotFound
	}
	if err != nil {
		return casework.Case{}, fmt.Errorf("case %s: %w", ref, err)
	}
	return row.toCase(), nil
}

// Dossier returns the head with its events, oldest first, and messages; or casework.ErrNotFound.
func (s *Store) Dossier(ctx context.Context, ref casework.Reference) (casework.Dossier, error) {
	items, err := s.query(ctx, caseKey(ref).PK)
	if err != nil {
		return casework.Dossier{}, fmt.Errorf("case %s: %w", ref, err)
	}
	var d casework.Dossier
	for _, it := range items {
		if err := addTo(&d, it); err != nil {
			return casework.Dossier{}, fmt.Errorf("case %s: %w", ref, err)
		}
	}
	if d.Case.Version == 0 { // none, or forgotten
		return casework.Dossier{}, fmt.Errorf("case %s: %w", ref, casework.ErrNotFound)
	}
	return d, nil
}

// Save writes changes in one transaction: for each head, event, mails owed and loads, and for a new case the report
// taken. Changes that are stored already are no error. casework.ErrConflict: a case moved on. casework.ErrFull: the lead
// has no room any more. casework.ErrConfirmed: what was handed off cannot be taken back.
func (s *Store) Save(ctx context.Context, changes ...casework.Change) error {
	t := transaction{store: s}
	for _, ch := range changes {
		first := len(t.writes)
		s.saveHead(&t, ch)
		t.put(newEventRow(ch.Event), absent, conflict)
		if ch.Removal.At.IsZero() {
			t.put(newHashRow(ch.Event), "", nil) // the head's condition guards it
		}
		if ch.Event.Kind == casework.EvGlassBroken {
			t.put(newGlassBrokenRow(ch.Case, ch.Event), absent, conflict)
		}
		for _, m := range ch.Messages {
			t.put(newMessageRow(m), absent, conflict)
		}
		s.saveWorkers(&t, ch)
		if ch.Destroyed != nil {
			t.put(newRegisterRow(*ch.Destroyed), absent, conflict)
		}
		if !ch.Removal.At.IsZero() {
			t.expire(first, ch)
		}
	}
	if err := t.commit(ctx); err != nil && !errors.Is(err, errMine) {
		return fmt.Errorf("save case %s version %d: %w", changes[0].Case.ID, changes[0].Case.Version, err)
	}
	return nil
}

// errMine means that a failed condition is this change's own earlier success, whose answer was lost.
var errMine = errors.New("stored already")

func (s *Store) saveHead(t *transaction, ch casework.Change) {
	moved := func(held item) error {
		row, err := decode[caseRow](held)
		switch {
		case err != nil:
			return err
		case row.Version == ch.Case.Version && bytes.Equal(row.ChainHash, ch.Case.ChainHash):
			return errMine
		}
		return casework.ErrConflict
	}
	row := newCaseRow(ch.Case)
	if ch.Case.Version == 1 {
		t.put(row, absent, moved)
		t.taken(ch)
	} else {
		t.putIf(row, "#version = :before", map[string]string{"#version": "version"}, item{":before": num(ch.Case.Version - 1)}, moved)
		if !ch.Renewal.ContactBefore.IsZero() {
			t.renew(ch.Case.ID, ch.Renewal)
		}
	}
	t.handOff(ch)
	for _, l := range ch.Listed {
		t.put(newListRow(ch.Case.ID, l), "", nil) // the head's condition guards it
	}
	if len(ch.Case.Look.Line) == 0 {
		return
	}
	k := lookKey(ch.Case.ID)
	if holder := ch.Case.Look.Holder(); holder != "" {
		look := lookRow{PK: k.PK, SK: k.SK, Lead: holder}
		if d, ok := ch.Case.Deadline(casework.DueLook); ok {
			look.Due = stamp(d.At)
		}
		look.Duty, look.Place = duty, lookPlace(ch.Case)
		t.put(look, "", nil) // the head's condition guards it
	} else if ch.Event.Kind == casework.EvLooked {
		t.put(lookRow{PK: k.PK, SK: k.SK}, "", nil) // on nobody's list: no function may remove a row of a case (T15)
	}
}

// saveWorkers writes what a change does to workers, one write each: loads, and whose household somebody must not have.
func (s *Store) saveWorkers(t *transaction, ch casework.Change) {
	loads := ch.Loads
	conflicted := ch.Conflict.Worker
	if conflicted != "" && !slices.ContainsFunc(loads, func(l casework.Load) bool { return l.Worker == conflicted }) {
		loads = append(slices.Clone(loads), casework.Load{Worker: conflicted})
	}
	for _, l := range loads {
		names, values := map[string]string{"#load": "load"}, item{":points": num(l.Points)}
		var set []string
		condition, failed := present, conflict
		if l.Points > 0 {
			failed = func(item) error { return casework.ErrFull } // also when the worker is not there any more: choose again
			names["#last"], values[":now"] = "last_assigned", str(ch.Event.At.UTC().Format(timeLayout))
			set = append(set, "#last = :now")
		}
		if l.Room != nil {
			values[":room"] = num(*l.Room)
			condition = present + " AND #load <= :room"
		}
		if l.Worker == conflicted && len(ch.Conflict.Traits) > 0 {
			names["#conflicts"] = "conflicts"
			values[":none"], values[":traits"] = list(nil), list(ch.Conflict.Traits)
			set = append(set, "#conflicts = list_append(if_not_exists(#conflicts, :none), :traits)")
		}
		expression := "ADD #load :points"
		if len(set) > 0 {
			expression = "SET " + strings.Join(set, ", ") + " " + expression
		}
		t.update(workerKey(l.Worker), expression, condition, names, values, failed)
	}
}

func list(values []string) types.AttributeValue {
	l := &types.AttributeValueMemberL{Value: []types.AttributeValue{}}
	for _, v := range values {
		l.Value = append(l.Value, str(v))
	}
	return l
}

// heads reads the base items of cases and the contact envelopes of their reports.
func (s *Store) heads(ctx context.Context, refs []casework.Reference) (map[casework.Reference]casework.Case, map[casework.Reference]casework.Envelope, error) {
	heads, contacts := map[casework.Reference]casework.Case{}, map[casework.Reference]casework.Envelope{}
	var keys []Key
	for _, ref := range refs {
		keys = append(keys, caseKey(ref), reportKey(ref))
	}
	items, err := s.batch(ctx, keys)
	if err != nil {
		return nil, nil, err
	}
	for _, it := range items {
		k, err := decode[Key](it)
		if err != nil {
			return nil, nil, err
		}
		ref, _ := k.reference()
		if strings.HasPrefix(k.PK, "REPORT#") {
			row, err := decode[reportRow](it)
			if err != nil {
				return nil, nil, err
			}
			contacts[ref] = row.Contact
			continue
		}
		row, err := decode[caseRow](it)
		if err != nil {
			return nil, nil, err
		}
		if !row.forgotten() {
			heads[ref] = row.toCase()
		}
	}
	return heads, contacts, nil
}

// Heads returns the heads of those cases that are there, of at most 100.
func (s *Store) Heads(ctx context.Context, refs []casework.Reference) (map[casework.Reference]casework.Case, error) {
	var keys []Key
	for _, ref := range refs {
		keys = append(keys, caseKey(ref))
	}
	items, err := s.batch(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("heads: %w", err)
	}
	heads := map[casework.Reference]casework.Case{}
	for _, it := range items {
		row, err := decode[caseRow](it)
		if err != nil {
			return nil, err
		}
		if c := row.toCase(); !row.forgotten() {
			heads[c.ID] = c
		}
	}
	return heads, nil
}

// batch reads those rows of the case table that are there, of at most 100, consistently and in any order.
func (s *Store) batch(ctx context.Context, rows []Key) ([]item, error) {
	keys := make([]map[string]types.AttributeValue, 0, len(rows))
	for _, k := range rows {
		keys = append(keys, k.item())
	}
	var items []item
	consistent := true
	for try := 0; len(keys) > 0; try++ {
		if try > collisions {
			return nil, errors.New("batch read does not finish")
		}
		out, err := s.Client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{s.Cases: {Keys: keys, ConsistentRead: &consistent}},
		})
		if err != nil {
			return nil, fmt.Errorf("batch read: %w", err)
		}
		items = append(items, out.Responses[s.Cases]...)
		keys = out.UnprocessedKeys[s.Cases].Keys
	}
	return items, nil
}
