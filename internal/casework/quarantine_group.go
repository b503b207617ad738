package casework

import (
	"context"
	"errors"
	"slices"
	"time"
)

// GroupClosing closes every report of a group that waited at that moment.
type GroupClosing struct {
	Group   string
	By      string // worker id
	At      time.Time
	Command string // random, of the page: a second click does nothing
}

// ErrSampleFirst means that nobody has looked at enough reports of a group.
var ErrSampleFirst = errors.New("look at a sample of the group first")

// CloseGroup closes a group at once, after a look at a sample of it.
func (w Work) CloseGroup(ctx context.Context, g GroupClosing) error {
	closed, err := w.Store.Closed(ctx, g.At)
	if err != nil {
		return err
	}
	seen := 0
	for _, q := range closed {
		if q.Group() == g.Group {
			seen++
		}
	}
	if seen < SampleLeast {
		return ErrSampleFirst
	}
	return w.Store.CloseGroup(ctx, g)
}

// GroupUndoing has every report of a group that was closed at once wait for a look again.
type GroupUndoing struct {
	Group string
	Until time.Time // Quarantined.Until of its reports: it tells the closing from any other
	By    string    // worker id
	At    time.Time
}

// of says whether a closed report is of the group.
func (u GroupUndoing) of(q Quarantined) bool { return q.Group() == u.Group && q.Until.Equal(u.Until) }

// ByClosing parts closed reports that were closed one by one from groups that were closed at once. Both keep their order.
func ByClosing(closed []Quarantined) (singles []Quarantined, groups [][]Quarantined) {
	type closing struct {
		group string
		until time.Time
	}
	of := func(q Quarantined) closing { return closing{q.Group(), q.Until} }
	together := map[closing][]Quarantined{}
	for _, q := range closed {
		together[of(q)] = append(together[of(q)], q)
	}
	for _, q := range closed {
		switch group := together[of(q)]; {
		case len(group) == 1:
			singles = append(singles, q)
		case q.Reference == group[0].Reference:
			groups = append(groups, group)
		}
	}
	return singles, groups
}

// UndoGroup undoes the closing of a group, within the term in which that can be; ErrNotFound when nothing of it is closed
// any more.
func (w Work) UndoGroup(ctx context.Context, u GroupUndoing) error {
	closed, err := w.Store.Closed(ctx, u.At)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(closed, u.of) {
		return ErrNotFound
	}
	return w.Store.UndoGroup(ctx, u)
}
