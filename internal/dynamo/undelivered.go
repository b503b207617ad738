package dynamo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"voordeur/internal/casework"
)

// mailsMost bounds how many mails to workers one sweep looks at, of those that somebody was told of and of the others.
const mailsMost = 1_000

// mails sends what is owed to workers and no wake-up sent, and has somebody told of each that did not arrive in time. What
// is owed to residents stands in the index of what is due; a mail to a worker stands in the duty index from the beginning,
// since it stays there until it arrived: two indexes would cost two write units more for every mail.
func (d Dispatch) mails(ctx context.Context, now, fresh time.Time) (failed []error, err error) {
	for _, prefix := range []string{mailNew, mailTold} {
		places, err := d.Store.watched(ctx, prefix, mailsMost)
		if err != nil {
			return failed, err
		}
		for _, p := range places {
			m, err := watchedMailAt(p.Key, strings.Split(p.Place, "#"))
			if err == nil && m.maySend() && !m.Since.Add(casework.SweepAfter).After(fresh) {
				err = d.Deliver(ctx, now, m.Case, m.ID)
			}
			if prefix == mailNew && !now.Before(m.Late()) {
				err = errors.Join(err, d.tell(ctx, now, m, p.Place))
			}
			if err != nil {
				failed = append(failed, fmt.Errorf("mail of case %s: %w", m.Case, err))
			}
		}
	}
	return failed, nil
}

// tell has somebody told of a mail that did not arrive, once. It stays on the duty screen, and out of what the sweep tells
// of. What became of it since counts instead; one that went out just now may still arrive.
func (d Dispatch) tell(ctx context.Context, now time.Time, m watchedMail, place string) error {
	row, err := get[messageRow](ctx, d.Store, d.Store.Cases, messageKey(m.Case, m.ID))
	if err != nil || row.forgotten() {
		return err
	}
	is, err := row.message()
	if err != nil {
		return err
	}
	trouble, since := is.Trouble(now)
	if trouble == "" {
		return nil
	}
	if err := d.Undelivered(ctx, now, m.Case, m.ID); err != nil {
		return err
	}
	told := mailTold + strings.TrimPrefix(mailPlace(is, trouble, since), mailNew)
	_, err = d.Store.updateMessage(ctx, m.Case, m.ID, "SET #place = :told", "#place = :place",
		item{":told": str(told), ":place": str(place)}, "place")
	if errors.Is(err, casework.ErrConflict) {
		return nil
	}
	return err
}

// maySend says whether the mail may still have to be sent, as far as its place tells; its claim decides.
func (m watchedMail) maySend() bool {
	return m.Trouble == casework.Owed || m.Trouble == casework.NoWord && !m.told
}

// nextMail returns when the earliest mail to a worker is to be sent or is late, if there is one.
func (s *Store) nextMail(ctx context.Context) (at time.Time, ok bool, err error) {
	earliest := func(t time.Time) {
		if !ok || t.Before(at) {
			at, ok = t, true
		}
	}
	for _, prefix := range []string{mailNew, mailTold} {
		places, err := s.watched(ctx, prefix, nextMost)
		if err != nil {
			return time.Time{}, false, err
		}
		for _, p := range places {
			m, err := watchedMailAt(p.Key, strings.Split(p.Place, "#"))
			if err != nil {
				return time.Time{}, false, err
			}
			if !m.told {
				earliest(m.Late())
			}
			if !m.maySend() {
				continue
			}
			row, err := get[messageRow](ctx, s, s.Cases, p.Key)
			if err != nil || row.Status != string(casework.Pending) {
				continue // done since: the base item decides
			}
			due, err := time.Parse(time.RFC3339, max(row.At, row.Claimed))
			if err != nil {
				return time.Time{}, false, fmt.Errorf("due time: %w", err)
			}
			earliest(due)
		}
	}
	return at, ok, nil
}

// lateMails counts the mails to workers that were owed at a moment or before it, and are not sent.
func (s *Store) lateMails(ctx context.Context, since time.Time) (n int, err error) {
	for _, prefix := range []string{mailNew, mailTold} {
		places, err := s.watched(ctx, prefix, lateMost)
		if err != nil {
			return 0, err
		}
		for _, p := range places {
			m, err := watchedMailAt(p.Key, strings.Split(p.Place, "#"))
			if err != nil || m.Since.After(since) || !m.maySend() {
				continue
			}
			row, err := get[messageRow](ctx, s, s.Cases, p.Key, "status")
			if err == nil && row.Status == string(casework.Pending) {
				n++
			}
		}
	}
	return n, nil
}

// SendAgain has a mail to a worker that did not arrive sent once more, in a row of its own. Asked again it does nothing.
// casework.ErrConflict: it did arrive, is being sent, or is not late yet. casework.ErrNotFound: there is no such mail.
func (s *Store) SendAgain(ctx context.Context, ref casework.Reference, id, by string, now time.Time) error {
	return s.handle(ctx, ref, id, by, now, true)
}

// PassedOn says that somebody told the worker in another way; else like SendAgain.
func (s *Store) PassedOn(ctx context.Context, ref casework.Reference, id, by string, now time.Time) error {
	return s.handle(ctx, ref, id, by, now, false)
}

func (s *Store) handle(ctx context.Context, ref casework.Reference, id, by string, now time.Time, again bool) error {
	row, err := get[messageRow](ctx, s, s.Cases, messageKey(ref, id))
	if err == nil && row.forgotten() {
		err = casework.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("mail of case %s: %w", ref, err)
	}
	m, err := row.message()
	if err != nil || m.HandledBy != "" {
		return err
	}
	if trouble, _ := m.Trouble(now); trouble == "" {
		return casework.ErrConflict
	}
	change := item{
		"handled_by": str(by), "handled": str(now.UTC().Format(timeLayout)),
		"duty": nil, "place": nil, "todo": nil, "at": nil, "claimed": nil,
	}
	condition, asked := "attribute_not_exists(#handled_by) AND #status = :was", item{":was": str(row.Status)}
	if m.Status == casework.Pending {
		// Who has claimed it is sending it now. One that waits for its next try is claimed until then.
		change["status"] = str(string(casework.Obsolete))
		condition += " AND (attribute_not_exists(#claimed) OR #claimed <= :now OR #claimed = #at)"
		asked[":now"] = str(stamp(now))
	}
	names := map[string]string{"#status": "status"}
	for name := range change {
		names["#"+name] = name
	}
	expression, values := changing(change)
	maps.Copy(values, asked)
	t := transaction{store: s}
	t.update(messageKey(ref, id), expression, condition, names, values, func(held item) error {
		if row, err := decode[messageRow](held); err != nil || row.HandledBy != "" {
			return errors.Join(err, errMine)
		}
		return casework.ErrConflict
	})
	if again {
		t.put(newMessageRow(m.Again(now)), absent, conflict)
	}
	if err := t.commit(ctx); err != nil && !errors.Is(err, errMine) {
		return fmt.Errorf("mail of case %s: %w", ref, err)
	}
	return nil
}
