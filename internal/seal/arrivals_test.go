package seal_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/seal"
)

// Each network is counted by the hour, by every process alike, under a name that says nothing.
func TestANetworkIsCountedByTheHour(t *testing.T) { // threat:T31 //threat:T27
	town := exampletest.New(t)
	processes := []*seal.Arrivals{{Rows: town.Store}, {Rows: town.Store}}
	at := time.Date(2026, 11, 23, 9, 10, 0, 0, time.UTC)
	names := map[string]bool{}
	for _, step := range []struct {
		network string
		at      time.Time
		want    int
	}{
		{"192.0.2.0/24", at, 1},
		{"192.0.2.0/24", at.Add(49 * time.Minute), 2},
		{"198.51.100.0/24", at, 1},
		{"192.0.2.0/24", at.Add(49 * time.Minute), 3},
		{"192.0.2.0/24", at.Add(50 * time.Minute), 1},
		{"192.0.2.0/24", at.Add(24 * time.Hour), 1},
	} {
		name, count, err := processes[step.want%2].Count(t.Context(), step.network, step.at)
		if err != nil || count != step.want {
			t.Errorf("%s at %s: %d, %v, want %d", step.network, step.at, count, err, step.want)
		}
		if strings.Contains(name, ".") || len(name) != 16 {
			t.Errorf("name is %q", name)
		}
		names[name] = true
	}
	if len(names) != 4 {
		t.Errorf("%d names for two networks in three hours, want 4", len(names))
	}
}

// Without the salt, which goes with its day, nobody can tell a network by its name.
func TestTheSaltIsRandomAndReadOnce(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 10, 0, 0, time.UTC)
	first, second := exampletest.New(t), exampletest.New(t)
	rows := &countedSalts{Store: first.Store}
	a := &seal.Arrivals{Rows: rows}
	var names [2]string
	var err error
	for range 3 {
		if names[0], _, err = a.Count(t.Context(), "192.0.2.0/24", at); err != nil {
			t.Fatal(err)
		}
	}
	if names[1], _, err = second.Arrivals.Count(t.Context(), "192.0.2.0/24", at); err != nil {
		t.Fatal(err)
	}
	if names[0] == names[1] {
		t.Error("two municipalities name a network alike: the salt is not random")
	}
	if rows.reads != 1 || !rows.ends.Equal(time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)) {
		t.Errorf("the salt was read %d times and ends %v", rows.reads, rows.ends)
	}
	if _, _, err := a.Count(t.Context(), "192.0.2.0/24", at.AddDate(0, 0, 1)); err != nil || rows.reads != 2 {
		t.Errorf("the next day's salt: %d reads, %v", rows.reads, err)
	}
	rows.fails = true
	if _, _, err := a.Count(t.Context(), "192.0.2.0/24", at.AddDate(0, 0, 2)); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("a salt that cannot be read: %v", err)
	}
}

// countedSalts counts how often the salt is read.
type countedSalts struct {
	*dynamo.Store
	reads int
	ends  time.Time // of the latest read
	fails bool
}

func (c *countedSalts) Salt(ctx context.Context, day string, ends time.Time) ([]byte, error) {
	if c.fails {
		return nil, casework.ErrConflict
	}
	c.reads++
	c.ends = ends
	return c.Store.Salt(ctx, day, ends)
}
