package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/infra/local/dynoxide"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
)

const kills = 20

// The program is killed at random moments while residents send their forms. What was confirmed is stored, has one lead,
// and that lead was mailed; a kill costs at most one mail that goes out twice.
func TestNothingConfirmedIsLostWhenTheProgramIsKilled(t *testing.T) { // invariant:I1 //invariant:I3 //invariant:I6 //invariant:I7 //threat:T26
	data, addr := t.TempDir(), freeAddress(t)
	var mu sync.Mutex
	var confirmed []casework.Reference
	for run := range kills {
		p := launch(t, addr, data)
		ctx, stop := context.WithCancel(t.Context())
		var residents sync.WaitGroup
		for range 4 {
			residents.Go(func() {
				for ctx.Err() == nil {
					r := newResident(p.base)
					if r.fillIn(ctx, callMe()) != nil {
						return // the program is gone
					}
					ref, err := r.send(ctx)
					if err != nil {
						return
					}
					mu.Lock()
					confirmed = append(confirmed, ref)
					mu.Unlock()
				}
			})
		}
		time.Sleep(300*time.Millisecond + rand.N(700*time.Millisecond))
		for slow := 0; count(&mu, &confirmed) <= run && slow < 100; slow++ { // a busy machine: let some get through
			time.Sleep(100 * time.Millisecond)
		}
		p.kill()
		stop()
		residents.Wait()
	}
	if len(confirmed) < kills {
		t.Fatalf("only %d reports were confirmed in %d runs: the test says little", len(confirmed), kills)
	}
	p := launch(t, addr, data)
	for range 3 { // past every claim and every first half minute
		p.advance(2 * time.Minute)
	}
	mailed := map[casework.Reference]int{}
	for _, m := range p.mails() {
		if strings.Contains(m.To, "@wijkteam.") {
			mailed[casework.Reference(reference.FindString(m.Text))]++
		}
	}
	p.stop()

	store := openStore(t, filepath.Join(data, "store.db"))
	lost, unmailed, doubled, duplicates := 0, 0, 0, 0
	for _, ref := range confirmed {
		d, err := store.Dossier(t.Context(), ref)
		switch {
		case errors.Is(err, casework.ErrNotFound):
			lost++
			continue
		case err != nil:
			t.Fatal(err)
		}
		if mailed[ref] == 0 {
			unmailed++
		}
		if len(d.Events) != 1 || d.Case.Owner() == "" {
			doubled++
		}
		if err := casework.CheckChain(d.Case, d.Events); err != nil {
			t.Error(err)
		}
	}
	for _, n := range mailed {
		duplicates += n - 1
	}
	t.Logf("%d confirmed in %d kills: %d lost, %d never mailed, %d with other than one lead, %d mails twice",
		len(confirmed), kills, lost, unmailed, doubled, duplicates)
	if lost+unmailed+doubled > 0 || duplicates > kills {
		t.Errorf("something confirmed was lost or done twice\n%s", p.out)
	}
}

func count(mu *sync.Mutex, confirmed *[]casework.Reference) int {
	mu.Lock()
	defer mu.Unlock()
	return len(*confirmed)
}

// openStore opens what the program left behind.
func openStore(t *testing.T, file string) *dynamo.Store {
	t.Helper()
	server, err := dynoxide.Start(t.Context(), dynoxide.Options{DBPath: file})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return &dynamo.Store{
		Client: dynamodb.NewFromConfig(dynoxide.Config(server.Endpoint)), Cases: "waterstad-cases", Short: "waterstad-short",
	}
}
