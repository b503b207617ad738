package seal_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/seal"
)

func noon() time.Time { return time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC) }

// pausedDraft is a draft that a resident left on Monday at noon.
func pausedDraft(t *testing.T, town *exampletest.Town, secret casework.Secret) form.Draft {
	t.Helper()
	draft := form.Draft{Path: form.Full, Language: "nl", Answers: form.Answers{"story": {"kanarieverhaal"}}}
	if err := town.Drafts.Save(t.Context(), secret, draft, noon()); err != nil {
		t.Fatal(err)
	}
	draft = loaded(t, town, secret, noon())
	draft.Left = "23"
	if err := town.Pauses.Pause(t.Context(), secret, draft, noon()); err != nil {
		t.Fatal(err)
	}
	return loaded(t, town, secret, noon())
}

func loaded(t *testing.T, town *exampletest.Town, secret casework.Secret, now time.Time) form.Draft {
	t.Helper()
	draft, err := town.Drafts.Load(t.Context(), secret, now)
	if err != nil {
		t.Fatal(err)
	}
	return draft
}

// A code works until the last moment of its 14 days and not at their end, whether TTL swept or not; asking again gives
// 14 new ones. Another process reads the same server secret.
func TestACodeOpensItsDraftForFourteenDays(t *testing.T) {
	town := exampletest.New(t)
	secret := casework.NewSecret()
	draft := pausedDraft(t, town, secret)
	elsewhere := &seal.Pauses{Drafts: town.Drafts, Rows: town.Store}
	resume := func(after time.Duration, want error) {
		t.Helper()
		got, err := elsewhere.Resume(t.Context(), "192.0.2.0/24", secret.ResumeCode(), noon().Add(after))
		if !errors.Is(err, want) || want == nil && got != secret {
			t.Errorf("after %s: %v, want %v", after, err, want)
		}
	}
	const day = 24 * time.Hour
	resume(0, nil)
	resume(14*day-time.Second, nil)
	resume(14*day, casework.ErrNotFound)
	if err := town.Pauses.Pause(t.Context(), secret, draft, noon().Add(13*day)); err != nil {
		t.Fatal(err)
	}
	resume(27*day-time.Second, nil)
	resume(27*day, casework.ErrNotFound)
}

// A9: 72 hours, or 14 days with a code, counted from the last change.
func TestAPausedDraftIsKeptFourteenDaysAfterItsLastChange(t *testing.T) {
	town := exampletest.New(t)
	secret := casework.NewSecret()
	draft := pausedDraft(t, town, secret)
	changed := noon().Add(10 * 24 * time.Hour)
	if err := town.Drafts.Save(t.Context(), secret, draft, changed); err != nil {
		t.Fatal(err)
	}
	ends := changed.Add(casework.ResumeCodeLasts)
	if got := loaded(t, town, secret, ends.Add(-time.Second)); got.Left != "23" || !got.Paused.Equal(noon()) {
		t.Errorf("left at %q, paused %s", got.Left, got.Paused)
	}
	if _, err := town.Drafts.Load(t.Context(), secret, ends); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("after 14 days: %v, want ErrNotFound", err)
	}
}

// Unknown, foreign and too often tried codes are one error; the limit is a network's, for an hour.
func TestTriesAreLimited(t *testing.T) { // threat:T03
	town := exampletest.New(t)
	secret := casework.NewSecret()
	pausedDraft(t, town, secret)
	resume := func(network string, code casework.ResumeCode, at time.Time) error {
		_, err := town.Pauses.Resume(t.Context(), network, code, at)
		return err
	}
	for n := range 20 {
		if err := resume("192.0.2.0/24", casework.NewSecret().ResumeCode(), noon()); !errors.Is(err, casework.ErrNotFound) {
			t.Fatalf("try %d: %v", n+1, err)
		}
	}
	tests := map[string]struct {
		network string
		at      time.Time
		want    error
	}{
		"the right code, tried too late":      {"192.0.2.0/24", noon().Add(59 * time.Minute), casework.ErrNotFound},
		"the right code in the next hour":     {"192.0.2.0/24", noon().Add(60 * time.Minute), nil},
		"the right code out of another place": {"198.51.100.0/24", noon(), nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if err := resume(tt.network, secret.ResumeCode(), tt.at); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// guessed counts tries as a store does, after so many by everybody in this hour.
type guessed struct {
	seal.PauseRows
	before int
	counts map[string]int
}

func (g *guessed) CountTry(_ context.Context, id string, _ time.Time) (int, error) {
	g.counts[id]++
	if len(g.counts) > 1 && g.counts[id] == 1 && g.before > 0 { // the second name of a first try is everybody's
		g.counts[id] += g.before
	}
	return g.counts[id], nil
}

// One code guessed from many networks is braked for each of them; who has a code still comes in.
func TestGuessingFromManyNetworksIsBraked(t *testing.T) { // threat:T03
	for name, tt := range map[string]struct {
		before int // tries of everybody in this hour
		try    int // of this network
		want   error
	}{
		"an ordinary hour, the twentieth try": {100, 20, nil},
		"a busy hour, the third try":          {1_000, 3, nil},
		"a busy hour, the fourth try":         {1_000, 4, casework.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			secret := casework.NewSecret()
			pausedDraft(t, town, secret)
			pauses := &seal.Pauses{Drafts: town.Drafts, Rows: &guessed{town.Store, tt.before, map[string]int{}}}
			var err error
			for range tt.try {
				_, err = pauses.Resume(t.Context(), "192.0.2.0/24", secret.ResumeCode(), noon())
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// Two tabs: the one that saved last is not overwritten, and no code is given for a draft that was not saved.
func TestAPauseOfAnOldVersionIsNone(t *testing.T) {
	town := exampletest.New(t)
	secret := casework.NewSecret()
	draft := form.Draft{Path: form.Full, Answers: form.Answers{"goal": {"Rust in huis"}}}
	if err := town.Drafts.Save(t.Context(), secret, draft, noon()); err != nil {
		t.Fatal(err)
	}
	if err := town.Pauses.Pause(t.Context(), secret, form.Draft{Path: form.Full}, noon()); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	if diff := cmp.Diff(draft.Answers, loaded(t, town, secret, noon()).Answers); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if _, err := town.Pauses.Resume(t.Context(), "x", secret.ResumeCode(), noon()); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("the code opens: %v", err)
	}
}

// Nothing of the code, the secret or the answers stands in either table, in any form; nor does the network. The server
// secret is in the case table alone.
func TestAPauseLeavesNothingReadable(t *testing.T) { // invariant:I13 //threat:T03
	town := exampletest.New(t)
	secret := casework.NewSecret()
	pausedDraft(t, town, secret)
	code := secret.ResumeCode()
	if _, err := town.Pauses.Resume(t.Context(), "192.0.2.0/24", code, noon()); err != nil {
		t.Fatal(err)
	}
	server, err := town.Store.ServerSecret(t.Context())
	if err != nil || len(server) != 32 {
		t.Fatalf("server secret of %d bytes, %v", len(server), err)
	}
	canaries := map[string][]byte{
		"the code": []byte(code), "the code as shown": []byte(code.String()), "the secret": secret[:],
		"the cookie": []byte(secret.String()), "the draft's key": secret.DraftKey(), "an answer": []byte("kanarie"), "the network": []byte("192.0.2"),
		"the reference": []byte(secret.Reference(0)), "the owner of a report": secret.Owner(),
	}
	for name, table := range map[string]string{"short-lived": town.Store.Short, "case": town.Store.Cases} {
		raw := rawTable(t, town, table)
		for what, canary := range canaries {
			if strings.Contains(raw, strings.ToLower(string(canary))) || strings.Contains(raw, hex.EncodeToString(canary)) {
				t.Errorf("%s stands in the %s table", what, name)
			}
		}
		if has := strings.Contains(raw, strings.ToLower(string(server))); has != (name == "case") {
			t.Errorf("the server secret stands in the %s table: %t", name, has)
		}
	}
	kinds := rawTable(t, town, town.Store.Short)
	for _, kind := range []string{"draft#", "resume#", "tries#"} {
		if !strings.Contains(kinds, kind) {
			t.Errorf("no %s row was looked at", kind)
		}
	}
}

// rawTable is every value of a table, in lower case.
func rawTable(t *testing.T, town *exampletest.Town, table string) string {
	t.Helper()
	out, err := town.Store.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table})
	if err != nil {
		t.Fatal(err)
	}
	var raw strings.Builder
	for _, it := range out.Items {
		var row map[string]any
		if err := attributevalue.UnmarshalMap(it, &row); err != nil {
			t.Fatal(err)
		}
		for _, v := range row {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			fmt.Fprintf(&raw, "%v\n", v)
		}
	}
	return strings.ToLower(raw.String())
}

// A secret that is new shuts every code: the code alone, and the table that it leads into, open nothing.
func TestACodeNeedsTheServerSecret(t *testing.T) { // threat:T03
	town := exampletest.New(t)
	secret := casework.NewSecret()
	pausedDraft(t, town, secret)
	other := &seal.Pauses{Drafts: town.Drafts, Rows: otherSecret{town.Store}}
	if _, err := other.Resume(t.Context(), "x", secret.ResumeCode(), noon()); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	elsewhere := &seal.Pauses{Drafts: seal.Drafts{Municipality: "elders", Rows: town.Store}, Rows: town.Store}
	if _, err := elsewhere.Resume(t.Context(), "x", secret.ResumeCode(), noon()); !errors.Is(err, casework.ErrNotFound) { // threat:T18
		t.Errorf("another municipality: %v, want ErrNotFound", err)
	}
}

// otherSecret is a store that lost its server secret and made another.
type otherSecret struct{ seal.PauseRows }

func (otherSecret) ServerSecret(context.Context) ([]byte, error) {
	return bytes.Repeat([]byte{7}, 32), nil
}

// Trying a code takes no visitor's patience, and little of the function's memory. Its 512 MB come with 0.29 of a
// processor, so 300 ms there are 87 ms of a whole one.
func TestTryingACodeIsBounded(t *testing.T) {
	town := exampletest.New(t)
	before, began := memoryOf(), processorOf(t)
	const tries = 5
	for range tries {
		_, err := town.Pauses.Resume(t.Context(), casework.NewSecret().String(), casework.NewSecret().ResumeCode(), noon())
		if !errors.Is(err, casework.ErrNotFound) {
			t.Fatal(err)
		}
	}
	if took := (processorOf(t) - began) / tries; took > 87*time.Millisecond {
		t.Errorf("a try takes %s of a processor, want at most 87 ms", took)
	}
	if took := (memoryOf() - before) / tries; took > 32<<20 {
		t.Errorf("a try takes %d bytes, want at most 32 MiB", took)
	}
}

// memoryOf is how many bytes this process has asked for.
func memoryOf() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// processorOf is how long this process has kept a processor busy.
func processorOf(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
