package casework_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
)

// shelf is a bucket in memory.
type shelf struct {
	mu      sync.Mutex
	digests map[casework.Day][]byte
	down    bool // nothing can be put
	lost    bool // what is put is there, and the answer is lost
}

func (s *shelf) Keep(_ context.Context, day casework.Day, content []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return errors.New("the bucket does not answer")
	}
	if _, taken := s.digests[day]; !taken {
		s.digests[day] = content
	}
	if s.lost {
		return errors.New("the answer is lost")
	}
	return nil
}

func (s *shelf) digest(t *testing.T, day casework.Day) casework.Digest {
	t.Helper()
	var d casework.Digest
	if err := json.Unmarshal(s.digests[day], &d); err != nil {
		t.Fatalf("digest of %s: %v", day, err)
	}
	return d
}

// digesting is a town whose days are digested from the Sunday before monday on.
func digesting(t *testing.T) (*exampletest.Town, *shelf, casework.Digests) {
	t.Helper()
	town, s := exampletest.New(t), &shelf{digests: map[casework.Day][]byte{}}
	d := casework.Digests{Municipality: town.Municipality.ID, Store: town.Store, Bucket: s}
	if made, kept, err := d.KeepNext(t.Context(), monday()); err != nil || !kept || made.Day != "2026-11-22" {
		t.Fatalf("the first digest is of %q: %v", made.Day, err)
	}
	return town, s, d
}

// until keeps digests until there is none to keep, and returns their days.
func until(t *testing.T, d casework.Digests, now time.Time) (days []casework.Day) {
	t.Helper()
	for {
		made, kept, err := d.KeepNext(t.Context(), now)
		if err != nil {
			t.Fatal(err)
		}
		if !kept {
			return days
		}
		days = append(days, made.Day)
	}
}

// hashesOf are the hashes of cases' events that stand in the store.
func hashesOf(t *testing.T, town *exampletest.Town, refs ...casework.Reference) (hashes []string) {
	t.Helper()
	for _, ref := range refs {
		events, err := town.Store.History(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			hashes = append(hashes, hex.EncodeToString(e.Hash))
		}
	}
	slices.Sort(hashes)
	return hashes
}

func TestADigestHoldsEveryEventAndEveryAuditRowOfItsDay(t *testing.T) { // threat:T15
	town, s, d := digesting(t)
	today, tomorrow := monday(), monday().Add(24*time.Hour)
	first, second := town.Case(t, today, exampletest.Answers(nil)), town.Case(t, today, exampletest.Answers(nil))
	if err := town.Work.Accept(t.Context(), click(today, first.ID, first.Lead, 1, "accept")); err != nil {
		t.Fatal(err)
	}
	third := town.Case(t, tomorrow, exampletest.Answers(nil))
	for _, at := range []time.Time{today, today, tomorrow} {
		if err := town.Store.Audit(t.Context(), casework.Audit{
			At: at, Worker: first.Lead, Page: "GET /desk/", Cases: []casework.Reference{first.ID},
		}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]casework.Day{"2026-11-23", "2026-11-24"}, until(t, d, tomorrow.Add(24*time.Hour))); diff != "" {
		t.Fatalf("digested (-want +got):\n%s", diff)
	}
	for day, want := range map[casework.Day]struct {
		cases  []casework.Reference
		audits int
	}{
		"2026-11-22": {nil, 0},
		"2026-11-23": {[]casework.Reference{first.ID, second.ID}, 2},
		"2026-11-24": {[]casework.Reference{third.ID}, 1},
	} {
		got := s.digest(t, day)
		if diff := cmp.Diff(hashesOf(t, town, want.cases...), got.Events); len(got.Events)+len(want.cases) > 0 && diff != "" {
			t.Errorf("events of %s (-want +got):\n%s", day, diff)
		}
		if len(got.Audits) != want.audits || got.Municipality != town.Municipality.ID || got.Day != day {
			t.Errorf("digest of %s: %+v, want %d audit rows", day, got, want.audits)
		}
		if day != "2026-11-22" && got.Previous != casework.HashDigest(s.digests[day.Plus(-1)]) {
			t.Errorf("%s does not follow the day before it", day)
		}
	}
	if s.digest(t, "2026-11-22").Previous != "" {
		t.Error("the first digest follows another")
	}
	for day, content := range s.digests {
		for _, of := range []string{string(first.ID), string(second.ID), string(third.ID), first.Lead} {
			if strings.Contains(string(content), of) {
				t.Errorf("%s stands in the digest of %s", of, day)
			}
		}
	}
}

func TestADayIsDigestedOnceItIsOverAndEveryDayThatWasMissed(t *testing.T) { // threat:T15 threat:T33
	for name, tt := range map[string]struct {
		now  time.Time
		want []casework.Day
	}{
		"the day is not over":               {time.Date(2026, 11, 23, 23, 59, 0, 0, time.UTC), nil},
		"late rows may still come":          {time.Date(2026, 11, 24, 1, 59, 0, 0, time.UTC), nil},
		"in Amsterdam it is three at night": {time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC), []casework.Day{"2026-11-23"}},
		"dispatch stood still for days": {
			time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC), []casework.Day{"2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, d := digesting(t)
			if diff := cmp.Diff(tt.want, until(t, d, tt.now)); diff != "" {
				t.Errorf("digested (-want +got):\n%s", diff)
			}
		})
	}
}

func TestADigestThatFailedIsMadeAgainTheSame(t *testing.T) { // threat:T15 threat:T26
	for name, fail := range map[string]func(s *shelf, fails bool){
		"the bucket is down": func(s *shelf, fails bool) { s.down = fails },
		"an answer is lost":  func(s *shelf, fails bool) { s.lost = fails },
	} {
		t.Run(name, func(t *testing.T) {
			town, s, d := digesting(t)
			c := town.Case(t, monday(), exampletest.Answers(nil))
			tomorrow := monday().Add(24 * time.Hour)
			fail(s, true)
			if _, kept, err := d.KeepNext(t.Context(), tomorrow); err == nil || kept {
				t.Fatal("kept, says the digest")
			}
			before := maps.Clone(s.digests)
			fail(s, false)
			until(t, d, tomorrow.Add(24*time.Hour))
			for day, content := range before {
				if string(s.digests[day]) != string(content) {
					t.Errorf("the digest of %s is another one", day)
				}
			}
			if got := s.digest(t, "2026-11-24").Previous; got != casework.HashDigest(s.digests["2026-11-23"]) {
				t.Error("the chain is broken")
			}
			if diff := cmp.Diff(hashesOf(t, town, c.ID), s.digest(t, "2026-11-23").Events); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

// What two sweeps do at one moment is done once, and neither goes back.
func TestTwoSweepsKeepOneDigest(t *testing.T) { // threat:T15
	town, s, d := digesting(t)
	town.Case(t, monday(), exampletest.Answers(nil))
	tomorrow := monday().Add(24 * time.Hour)
	kept := make([]bool, 4)
	atOnce(len(kept), func(i int) {
		var err error
		if _, kept[i], err = d.KeepNext(t.Context(), tomorrow); err != nil {
			t.Error(err)
		}
	})
	if n := len(slices.DeleteFunc(kept, func(k bool) bool { return !k })); n != 1 || len(s.digests) != 2 {
		t.Errorf("kept %d times, %d digests", n, len(s.digests))
	}
	if err := town.Store.KeepDigested(t.Context(), casework.Digested{Day: "2026-11-20", Hash: "old"}); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("a digest of earlier days: %v, want ErrConflict", err)
	}
}

// A smoke test's rows go by themselves: its event would show as removed.
func TestASmokeTestLeavesNothingInADigest(t *testing.T) {
	town, s, d := digesting(t)
	walkedIn(t, town, mark(t, town, monday()), monday(), monday())
	until(t, d, monday().Add(24*time.Hour))
	if got := s.digest(t, "2026-11-23").Events; len(got) > 0 {
		t.Errorf("the digest has %d events", len(got))
	}
}
