package dynamo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
	"voordeur/internal/municipality"
)

// registerRow is what is left of a destroyed case.
type registerRow struct {
	PK       string    `dynamodbav:"PK"`
	SK       string    `dynamodbav:"SK"`
	Case     string    `dynamodbav:"case"`
	Category string    `dynamodbav:"category"`
	From     time.Time `dynamodbav:"kept_from"`
	Until    time.Time `dynamodbav:"kept_until"`
	At       time.Time `dynamodbav:"when"`
	Hashes   []string  `dynamodbav:"hashes"`
}

func newRegisterRow(d casework.Destruction) registerRow {
	k := registerKey(stamp(d.At) + placeSeparator + string(d.Case))
	return registerRow{
		PK: k.PK, SK: k.SK, Case: string(d.Case), Category: string(d.Category), From: d.From.UTC(), Until: d.Until.UTC(), At: d.At.UTC(),
		Hashes: d.Hashes,
	}
}

func (r registerRow) destruction() casework.Destruction {
	return casework.Destruction{
		Case: casework.Reference(r.Case), Category: municipality.Category(r.Category), From: r.From, Until: r.Until, At: r.At, Hashes: r.Hashes,
	}
}

// destroyedMost is a page of the register.
const destroyedMost = 100

// Destroyed lists what is left of destroyed cases, the newest first, a page at a time.
func (s *Store) Destroyed(ctx context.Context, after string) ([]casework.Destruction, string, error) {
	items, next, err := s.latest(ctx, registerKey(after), destroyedMost)
	if err != nil {
		return nil, "", fmt.Errorf("register: %w", err)
	}
	lines := make([]casework.Destruction, 0, len(items))
	for _, it := range items {
		row, err := decode[registerRow](it)
		if err != nil {
			return nil, "", err
		}
		lines = append(lines, row.destruction())
	}
	return lines, next, nil
}

// Forget gives every row of a destroyed case now as its time to go: no function may remove one (T15), and the table drops
// them within days. What leads to others goes after these, and the head is the last: until then the sweep finds the case
// again, whatever is dropped meanwhile. It is hidden, and nothing leads to the others.
func (s *Store) Forget(ctx context.Context, now time.Time, ref casework.Reference, r casework.Remains) error {
	var keys []Key
	for _, e := range r.Broken {
		keys = append(keys, glassKey(glassID(e)))
	}
	for _, hash := range r.Hashes {
		keys = append(keys, matchKey(hash, ref))
	}
	if r.Link != "" {
		keys = append(keys, linkKey(r.Link))
	}
	keys = append(keys, handOffKey(ref), fileKey(ref), contentKey(ref))
	head := caseKey(ref)
	for _, pk := range []string{readKey(ref, "").PK, head.PK} {
		items, err := s.query(ctx, pk, TTL)
		if err != nil {
			return fmt.Errorf("rows of case %s: %w", ref, err)
		}
		for _, it := range items {
			if !goes(it) && keyOf(it) != head {
				keys = append(keys, keyOf(it))
			}
		}
	}
	for _, k := range append(keys, reportKey(ref), head) {
		if err := s.letGoOf(ctx, k, now); err != nil {
			return err
		}
	}
	return nil
}

// Retain writes when an ended case is destroyed, of which nothing else changes; casework.ErrConflict when it moved on.
func (s *Store) Retain(ctx context.Context, c casework.Case) error {
	t := transaction{store: s}
	t.putIf(newCaseRow(c), "#version = :version", map[string]string{"#version": "version"}, item{":version": num(c.Version)}, conflict)
	if err := t.commit(ctx); err != nil {
		return fmt.Errorf("term of case %s: %w", c.ID, err)
	}
	return nil
}

// forgetReport has a report go that nobody sent, once its term is over; its line says so.
func (d Dispatch) forgetReport(ctx context.Context, now time.Time, ref casework.Reference) error {
	row, err := get[reportRow](ctx, d.Store, d.Store.Cases, reportKey(ref), "todo", "judged", "link", TTL)
	if err != nil {
		return fmt.Errorf("report %s: %w", ref, err)
	}
	judged := value(row.JudgedAt)
	until := d.Retention.Until(municipality.KeptBot, judged)
	if undone := judged.Add(casework.CloseUndone); until.Before(undone) {
		until = undone
	}
	if row.Todo != todoNotHuman || row.TTL > 0 || now.Before(until) {
		return nil
	}
	mails, err := d.Store.messages(ctx, ref) // that suspected reports waited, of which it was the oldest
	if err != nil {
		return err
	}
	for _, m := range mails {
		if err := d.Store.letGoOf(ctx, messageKey(ref, m.ID), now); err != nil {
			return err
		}
	}
	t := transaction{store: d.Store}
	t.put(newRegisterRow(casework.Destruction{Case: ref, Category: municipality.KeptBot, From: judged, Until: until, At: now}), absent, nil)
	ttl := num(int(now.Unix()))
	// It stays what it is, and leaves the index.
	t.update(reportKey(ref), "SET #ttl = :ttl REMOVE #at", "#todo = :closed AND attribute_not_exists(#ttl)",
		map[string]string{"#ttl": TTL, "#todo": "todo", "#at": "at"}, item{":ttl": ttl, ":closed": str(todoNotHuman)},
		func(item) error { return errMine }) // another sweep was first, or somebody put it back
	t.update(contentKey(ref), "SET #ttl = :ttl", present, map[string]string{"#ttl": TTL}, item{":ttl": ttl}, conflict)
	if row.LinkID != "" {
		t.update(linkKey(row.LinkID), "SET #ttl = :ttl, #expires = :ended", present, map[string]string{"#ttl": TTL, "#expires": "expires"},
			item{":ttl": ttl, ":ended": str(now.UTC().Format(timeLayout))}, conflict)
	}
	if err := t.commit(ctx); err != nil && !errors.Is(err, errMine) {
		return fmt.Errorf("let report %s go: %w", ref, err)
	}
	return nil
}

// goes says whether the table may drop a row, whenever it does.
func goes(it item) bool { return it[TTL] != nil }

// letGoOf lets the table drop a row, which nothing leads to any more: a link ends, a mail leaves the duty screen, and the
// head is no more to be done.
func (s *Store) letGoOf(ctx context.Context, k Key, now time.Time) error {
	switch k.kind() {
	case "LINK":
		return s.letGo(ctx, k, now, "SET #ttl = :ttl, #expires = :ended", map[string]string{"#expires": "expires"},
			item{":ended": str(now.UTC().Format(timeLayout))})
	case "MESSAGE":
		return s.letGo(ctx, k, now, "SET #ttl = :ttl REMOVE #duty, #place", map[string]string{"#duty": "duty", "#place": "place"}, nil)
	case "CASE":
		return s.letGo(ctx, k, now, "SET #ttl = :ttl REMOVE #todo, #at", map[string]string{"#todo": "todo", "#at": "at"}, nil)
	}
	return s.letGo(ctx, k, now, "SET #ttl = :ttl", nil, nil)
}

// letGo lets the table drop a row; one that is not there is gone.
func (s *Store) letGo(ctx context.Context, k Key, now time.Time, expression string, names map[string]string, values item) error {
	named, valued := map[string]string{"#ttl": TTL}, item{":ttl": num(int(now.Unix()))}
	maps.Copy(named, names)
	maps.Copy(valued, values)
	condition := present
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Cases, Key: k.item(), UpdateExpression: &expression, ConditionExpression: &condition,
		ExpressionAttributeNames: named, ExpressionAttributeValues: valued,
	})
	if _, gone := errors.AsType[*types.ConditionalCheckFailedException](err); gone {
		return nil
	}
	if err != nil {
		return fmt.Errorf("let a row of the case go: %w", err)
	}
	return nil
}
