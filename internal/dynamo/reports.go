package dynamo

import (
	"context"
	"fmt"
	"time"

	"voordeur/internal/casework"
)

// Submit stores the report and its link (nil for none) in one transaction, if the reference is free. When it is taken,
// it returns the report that holds it and casework.ErrTaken: it may be this report's own earlier success.
func (s *Store) Submit(ctx context.Context, r casework.Report, l *casework.Link) (holder casework.Report, err error) {
	t := transaction{store: s}
	t.submit(r, l, &holder)
	err = t.commit(ctx)
	return holder, err
}

// SubmitOnce is Submit that remembers the request in the same transaction; casework.ErrRepeated when it is remembered
// already, and nothing was written then.
func (s *Store) SubmitOnce(
	ctx context.Context, r casework.Report, l *casework.Link, o casework.Once,
) (holder casework.Report, err error) {
	t := transaction{store: s}
	t.submit(r, l, &holder)
	k := onceKey(o.Client, o.ID)
	t.putIf(onceRow{
		PK: k.PK, SK: k.SK, Reference: string(r.Reference), MAC: o.MAC, Expires: stamp(o.Expires), TTL: o.Expires.Unix(),
	}, absent+" OR expires <= :now", nil, item{":now": str(stamp(r.Received))}, func(item) error { return casework.ErrRepeated })
	err = t.commit(ctx)
	return holder, err
}

// submit puts the rows of a report. holder becomes the report that holds its reference.
func (t *transaction) submit(r casework.Report, l *casework.Link, holder *casework.Report) {
	k := reportKey(r.Reference)
	t.put(reportRow{
		PK: k.PK, SK: k.SK, Received: r.Received, ContactBefore: r.ContactBefore, Owner: r.Owner, MAC: r.MAC,
		LinkID: r.LinkID, Routing: r.Routing, Contact: r.Contact,
		Todo: todoReport, At: stamp(r.Received.Add(casework.SweepAfter)),
	}, absent, func(held item) error {
		row, err := decode[reportRow](held)
		if err != nil {
			return err
		}
		*holder = row.report()
		return casework.ErrTaken
	})
	k = contentKey(r.Reference)
	t.put(contentRow{PK: k.PK, SK: k.SK, Content: r.Content}, absent, conflict)
	if l != nil {
		k = linkKey(l.ID)
		t.put(linkRow{PK: k.PK, SK: k.SK, Case: string(l.Reference), Expires: l.Expires, View: l.View}, absent, conflict)
	}
}

// Once returns what remembers a client's request and has not expired, or casework.ErrNotFound.
func (s *Store) Once(ctx context.Context, client, id string, now time.Time) (casework.Once, error) {
	row, err := get[onceRow](ctx, s, s.Cases, onceKey(client, id))
	if err != nil {
		return casework.Once{}, fmt.Errorf("request: %w", err)
	}
	if row.Expires <= stamp(now) {
		return casework.Once{}, fmt.Errorf("request has expired: %w", casework.ErrNotFound)
	}
	return casework.Once{
		Client: client, ID: id, MAC: row.MAC, Reference: casework.Reference(row.Reference), Expires: time.Unix(row.TTL, 0).UTC(),
	}, nil
}

func conflict(item) error { return casework.ErrConflict }

// Receipt returns a stored report without its envelopes, or casework.ErrNotFound.
func (s *Store) Receipt(ctx context.Context, ref casework.Reference) (casework.Report, error) {
	row, err := get[reportRow](ctx, s, s.Cases, reportKey(ref), "received", "contact_before", "owner", "mac", "link", TTL)
	if err != nil {
		return casework.Report{}, fmt.Errorf("receipt %s: %w", ref, err)
	}
	return row.report(), nil
}

// Link returns a link that has not expired, or casework.ErrNotFound.
func (s *Store) Link(ctx context.Context, id string, now time.Time) (casework.Link, error) {
	row, err := get[linkRow](ctx, s, s.Cases, linkKey(id))
	if err != nil {
		return casework.Link{}, fmt.Errorf("link: %w", err)
	}
	if !now.Before(row.Expires) {
		return casework.Link{}, fmt.Errorf("link has expired: %w", casework.ErrNotFound)
	}
	return casework.Link{
		ID: id, Reference: casework.Reference(row.Case), Expires: row.Expires, View: row.View, PublicKey: row.PublicKey,
	}, nil
}

// Report returns a report with its routing and contact envelopes, and whether there is nothing to take: a case was made
// of it, or it waits for a person's look.
func (s *Store) Report(ctx context.Context, ref casework.Reference) (r casework.Report, taken bool, err error) {
	row, err := get[reportRow](ctx, s, s.Cases, reportKey(ref))
	if err != nil {
		return casework.Report{}, false, fmt.Errorf("report %s: %w", ref, err)
	}
	return row.report(), row.Todo != todoReport, nil
}

// Sent returns a report with all its envelopes, or casework.ErrNotFound.
func (s *Store) Sent(ctx context.Context, ref casework.Reference) (casework.Report, error) {
	items, err := s.query(ctx, reportKey(ref).PK)
	if err != nil {
		return casework.Report{}, fmt.Errorf("report %s: %w", ref, err)
	}
	var r casework.Report
	var content casework.Envelope
	for _, it := range items {
		k, err := decode[Key](it)
		if err != nil {
			return casework.Report{}, err
		}
		switch k {
		case reportKey(ref):
			row, err := decode[reportRow](it)
			if err != nil {
				return casework.Report{}, err
			}
			r = row.report()
		case contentKey(ref):
			row, err := decode[contentRow](it)
			if err != nil {
				return casework.Report{}, err
			}
			content = row.Content
		}
	}
	if r.Reference == "" || content == nil {
		return casework.Report{}, fmt.Errorf("report %s: %w", ref, casework.ErrNotFound)
	}
	r.Content = content
	return r, nil
}
