package clock_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/clock"
)

// start is a real time that stands still.
func start() time.Time { return time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC) }

// agenda is work with due times; doing one may add another.
type agenda struct {
	clock *clock.Clock
	due   []time.Time
	then  map[time.Time]time.Time // doing the first adds the second
	done  []time.Time             // the business time at which each was done
}

func (a *agenda) work(_ context.Context, until time.Time) (time.Time, bool, error) {
	slices.SortFunc(a.due, time.Time.Compare)
	for len(a.due) > 0 && !a.due[0].After(a.clock.Now()) {
		a.done = append(a.done, a.clock.Now())
		if next, ok := a.then[a.due[0]]; ok {
			a.due = append(a.due, next)
		}
		a.due = a.due[1:]
		slices.SortFunc(a.due, time.Time.Compare)
	}
	if len(a.due) > 0 && !a.due[0].After(until) {
		return a.due[0], true, nil
	}
	return time.Time{}, false, nil
}

func TestAdvanceWorksThroughDueTimesInOrder(t *testing.T) {
	t.Parallel()
	hour := func(n int) time.Time { return start().Add(time.Duration(n) * time.Hour) }
	cases := map[string]struct {
		due      []time.Time
		then     map[time.Time]time.Time
		wantDone []time.Time
	}{
		"nothing due":                       {nil, nil, nil},
		"each at its own time":              {[]time.Time{hour(30), hour(2), hour(5)}, nil, []time.Time{hour(2), hour(5), hour(30)}},
		"what was overdue is done first":    {[]time.Time{hour(3), hour(-4)}, nil, []time.Time{hour(0), hour(3)}},
		"what is due at the very end":       {[]time.Time{hour(36)}, nil, []time.Time{hour(36)}},
		"what is due later stays":           {[]time.Time{hour(36).Add(1)}, nil, nil},
		"work that follows from work":       {[]time.Time{hour(2)}, map[time.Time]time.Time{hour(2): hour(9), hour(9): hour(40)}, []time.Time{hour(2), hour(9)}},
		"two at one moment are both done":   {[]time.Time{hour(7), hour(7)}, nil, []time.Time{hour(7), hour(7)}},
		"work that follows at the very end": {[]time.Time{hour(36)}, map[time.Time]time.Time{hour(36): hour(1)}, []time.Time{hour(36), hour(36)}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			business := newClock(t, file(t), start)
			a := &agenda{clock: business, due: c.due, then: c.then}
			if err := business.Advance(t.Context(), 36*time.Hour, a.work); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.wantDone, a.done); diff != "" {
				t.Errorf("done (-want +got):\n%s", diff)
			}
			if got := business.Now(); !got.Equal(hour(36)) {
				t.Errorf("now: got %s, want %s", got, hour(36))
			}
		})
	}
}

func TestItLooksOnceMoreOnArrival(t *testing.T) {
	t.Parallel()
	business := newClock(t, file(t), start)
	var looked []time.Time
	err := business.Advance(t.Context(), time.Hour, func(context.Context, time.Time) (time.Time, bool, error) {
		looked = append(looked, business.Now())
		return time.Time{}, false, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Time{start(), start().Add(time.Hour)}, looked); diff != "" {
		t.Errorf("looked (-want +got):\n%s", diff)
	}
}

func TestTheOffsetSurvivesARestart(t *testing.T) {
	t.Parallel()
	path := file(t)
	quiet := func(context.Context, time.Time) (time.Time, bool, error) { return time.Time{}, false, nil }
	for range 2 {
		if err := newClock(t, path, start).Advance(t.Context(), 90*time.Minute, quiet); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := newClock(t, path, start).Now(), start().Add(3*time.Hour); !got.Equal(want) {
		t.Errorf("now: got %s, want %s", got, want)
	}
}

func TestAStepIsKeptBeforeItIsWorked(t *testing.T) {
	t.Parallel()
	path := file(t)
	business := newClock(t, path, start)
	broken := errors.New("the store is gone")
	due := start().Add(time.Hour)
	err := business.Advance(t.Context(), 36*time.Hour, func(context.Context, time.Time) (time.Time, bool, error) {
		if business.Now().Before(due) {
			return due, true, nil
		}
		return time.Time{}, false, broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	if got := newClock(t, path, start).Now(); !got.Equal(due) || !business.Now().Equal(due) {
		t.Errorf("now: got %s and after a restart %s, want %s", business.Now(), got, due)
	}
}

func TestWorkThatStaysDueIsGivenUp(t *testing.T) {
	t.Parallel()
	business := newClock(t, file(t), start)
	err := business.Advance(t.Context(), time.Hour, func(context.Context, time.Time) (time.Time, bool, error) { return start(), true, nil })
	if err == nil || !strings.Contains(err.Error(), "stays due") {
		t.Errorf("got %v", err)
	}
}

func TestNowRunsWithRealTime(t *testing.T) {
	t.Parallel()
	real := start()
	business := newClock(t, file(t), func() time.Time { return real })
	real = real.Add(time.Minute).In(time.FixedZone("elsewhere", 3600))
	if got, want := business.Now(), start().Add(time.Minute); got != want {
		t.Errorf("got %s, want %s in UTC", got, want)
	}
}

func TestAFileThatHoldsNoOffsetIsRefused(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"", "soon", "-1h", "2000000h"} {
		path := file(t)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := clock.New(path, start); err == nil || !strings.Contains(err.Error(), "holds no offset") {
			t.Errorf("%q: got %v", content, err)
		}
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		method, advance string
		status          int
		want            string // now, or part of the text
	}{
		"GET tells the time":            {http.MethodGet, "", 200, "2026-11-20T09:00:00Z"},
		"POST moves it":                 {http.MethodPost, "36h", 200, "2026-11-21T21:00:00Z"},
		"POST of nothing waits only":    {http.MethodPost, "0s", 200, "2026-11-20T09:00:00Z"},
		"a negative move is refused":    {http.MethodPost, "-1h", 400, "for example 36h"},
		"garbage is refused":            {http.MethodPost, "morgen", 400, "for example 36h"},
		"an absent field is refused":    {http.MethodPost, "", 400, "for example 36h"},
		"two centuries are refused":     {http.MethodPost, "1753200h", 400, "for example 36h"},
		"other methods are not allowed": {http.MethodPut, "", 405, "Method Not Allowed"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			business := newClock(t, file(t), start)
			a := &agenda{clock: business}
			w := call(business.Handler(a.work), c.method, c.advance)
			if w.Code != c.status {
				t.Errorf("status: got %d, want %d", w.Code, c.status)
			}
			if c.status != http.StatusOK {
				if !strings.Contains(w.Body.String(), c.want) || strings.Count(w.Body.String(), "\n") != 1 {
					t.Errorf("got %q, want one line with %q", w.Body, c.want)
				}
				return
			}
			var got map[string]string
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(map[string]string{"now": c.want}, got); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMovesAtOnceAddUpOneAfterTheOther(t *testing.T) {
	t.Parallel()
	const moves = 20
	business := newClock(t, file(t), start)
	var inside, most atomic.Int32
	handler := business.Handler(func(context.Context, time.Time) (time.Time, bool, error) {
		most.Store(max(most.Load(), inside.Add(1)))
		time.Sleep(time.Millisecond)
		inside.Add(-1)
		return time.Time{}, false, nil
	})
	var all sync.WaitGroup
	for range moves {
		all.Go(func() {
			if w := call(handler, http.MethodPost, "1h"); w.Code != http.StatusOK {
				t.Errorf("status: got %d, want 200", w.Code)
			}
		})
	}
	all.Wait()
	if got, want := business.Now(), start().Add(moves*time.Hour); !got.Equal(want) || most.Load() != 1 {
		t.Errorf("now: got %s with %d at work at once, want %s with 1", got, most.Load(), want)
	}
}

func TestAWaitingMoveGivesUpWithItsCaller(t *testing.T) {
	t.Parallel()
	business := newClock(t, file(t), start)
	ctx, cancel := context.WithCancel(t.Context())
	err := business.Advance(t.Context(), 0, func(context.Context, time.Time) (time.Time, bool, error) {
		cancel()
		inner := business.Advance(ctx, time.Hour, nil) // waits for the outer one
		if !errors.Is(inner, context.Canceled) {
			t.Errorf("got %v, want %v", inner, context.Canceled)
		}
		return time.Time{}, false, nil
	})
	if err != nil {
		t.Error(err)
	}
}

func file(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "clock")
}

func newClock(t *testing.T, path string, real func() time.Time) *clock.Clock {
	t.Helper()
	business, err := clock.New(path, real)
	if err != nil {
		t.Fatal(err)
	}
	return business
}

func call(handler http.Handler, method, advance string) *httptest.ResponseRecorder {
	body := strings.NewReader(url.Values{"advance": {advance}}.Encode())
	r := httptest.NewRequest(method, "/", body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}
