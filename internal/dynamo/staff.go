package dynamo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"voordeur/internal/casework"
	"voordeur/internal/directory"
)

// Staff is who works in a municipality and with whom, as its functional administrator keeps them.
type Staff struct {
	casework.People
	Organisations []directory.Organisation
	Version       int // of what SaveStaff wrote last; 0: nothing yet
}

// Staff returns the staff. The version is read first: a change that is only half seen does not pass as seen.
func (s *Store) Staff(ctx context.Context) (Staff, error) {
	row, err := get[rosterRow](ctx, s, s.Cases, rosterKey())
	if err != nil && !errors.Is(err, casework.ErrNotFound) {
		return Staff{}, fmt.Errorf("roster: %w", err)
	}
	staff := Staff{Version: row.Version}
	if staff.People, err = s.People(ctx); err != nil {
		return Staff{}, err
	}
	staff.Organisations, err = s.Organisations(ctx)
	return staff, err
}

// kept lists the attributes of a worker's row that SaveStaff writes. Load, last assignment, conflicts and absence move
// with the cases and at the desk, and stay as they are; so does whether an address is confirmed, until it is another one.
func kept() []string {
	return []string{
		"name", "email", "phone", "function", "team", "roles", "disciplines", "languages", "active", "left_on",
		"contracted", "reserved",
	}
}

// staffMost is how many rows one transaction of SaveStaff changes at most, beside the roster: DynamoDB takes 100.
const staffMost = 99

// SaveStaff changes the staff from before, which Staff returned, to after: the roster, new workers, what changed of
// others, partners, in one transaction for each 99 rows. No worker is removed. casework.ErrConflict: the staff is not as
// it was before; nothing of that transaction is written then.
func (s *Store) SaveStaff(ctx context.Context, before, after Staff) error {
	writes, err := staffWrites(before, after)
	if err != nil {
		return err
	}
	for version := before.Version; ; version++ {
		t := transaction{store: s}
		k, condition, values := rosterKey(), "attribute_not_exists(#version)", item(nil)
		if version > 0 {
			condition, values = "#version = :before", item{":before": num(version)}
		}
		t.putIf(rosterRow{PK: k.PK, SK: k.SK, Days: after.Roster, Version: version + 1}, condition,
			map[string]string{"#version": "version"}, values, conflict)
		most := min(len(writes), staffMost)
		for _, write := range writes[:most] {
			write(&t)
		}
		if err := t.commit(ctx); err != nil {
			return fmt.Errorf("save staff version %d: %w", version+1, err)
		}
		if writes = writes[most:]; len(writes) == 0 {
			return nil
		}
	}
}

// staffWrites lists a write for each row that differs.
func staffWrites(before, after Staff) (writes []func(*transaction), err error) {
	var changed []func(*transaction)
	for _, w := range after.Workers {
		row := newWorkerRow(after.Cards[w.ID], w)
		was, known := before.Worker(w.ID)
		if !known {
			writes = append(writes, func(t *transaction) { t.put(row, absent, conflict) })
			continue
		}
		is, err := keptOf(row)
		if err != nil {
			return nil, err
		}
		old, err := keptOf(newWorkerRow(before.Cards[w.ID], was))
		if err != nil {
			return nil, err
		}
		if !strings.EqualFold(row.Email, before.Cards[w.ID].Email) {
			is["unconfirmed"] = nil
			if row.Unconfirmed != "" {
				is["unconfirmed"] = str(row.Unconfirmed)
			}
		}
		if !reflect.DeepEqual(is, old) {
			changed = append(changed, func(t *transaction) { t.replace(workerKey(w.ID), is) })
		}
	}
	return slices.Concat(writes, changed, organisationWrites(before.Organisations, after.Organisations)), nil
}

// keptOf returns the attributes of a worker's row that SaveStaff writes; nil for those that the row does not have.
func keptOf(row workerRow) (item, error) {
	it, err := encode(row)
	if err != nil {
		return nil, err
	}
	of := item{}
	for _, name := range kept() {
		of[name] = it[name]
	}
	return of, nil
}

// replace sets attributes of a row that is there, and removes those that are nil.
func (t *transaction) replace(k Key, attributes item) {
	expression, values := changing(attributes)
	names := map[string]string{}
	for name := range attributes {
		names["#"+name] = name
	}
	t.update(k, expression, present, names, values, conflict)
}

// changing is the expression that sets attributes and removes those that are nil, with its values: "#name" and ":name".
func changing(attributes item) (expression string, values item) {
	var set, remove []string
	values = item{}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if attributes[name] == nil {
			remove = append(remove, "#"+name)
			continue
		}
		values[":"+name] = attributes[name]
		set = append(set, "#"+name+" = :"+name)
	}
	if len(set) > 0 {
		expression = "SET " + strings.Join(set, ", ")
	}
	if len(remove) > 0 {
		expression += " REMOVE " + strings.Join(remove, ", ")
	}
	return expression, values
}

// OpenCases counts the open cases that stand with a worker: led, offered, or in their queue.
func (s *Store) OpenCases(ctx context.Context, worker string) (n int, err error) {
	_, err = s.eachOwned(ctx, worker, func(c casework.Case) {
		if c.StandsWith() == worker {
			n++
		}
	})
	if err != nil {
		return 0, fmt.Errorf("count cases: %w", err)
	}
	return n, nil
}
