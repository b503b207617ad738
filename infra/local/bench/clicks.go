package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"

	"voordeur/functions/wiring"
	"voordeur/internal/casework"
	"voordeur/internal/seal"
)

const (
	mostClick  = 1.5 // the last click ÷ the bare transaction
	mostSubmit = 1.2 // Submit ÷ the bare transaction

	// The local store takes longer to write the more its stream holds, so each run of this many begins with a new one.
	clickStores  = 4
	clicksAStore = 100
	clicksWarm   = 10

	// toRead is how long a resident looks at the check page at the least: some three times as long as the keys of the
	// report's envelopes take, which are made in the background meanwhile.
	toRead = 3 * time.Millisecond
)

// clicks compares the last click (event to receipt, with the draft's read) and Submit alone with the one transaction
// that both make, and shows how much of the rest is sealing: with the keys that the check page prepared, and in a function
// that did not show it and has sealed nothing before.
func clicks(ctx context.Context) (figures, error) {
	var click, first, submit, bare, ready, cold timings
	for n := range clickStores {
		taken, err := clicksOnFreshStore(ctx, n*(clicksWarm+clicksAStore))
		if err != nil {
			return nil, fmt.Errorf("last click: %w", err)
		}
		for i, all := range []*timings{&click, &first, &submit, &bare, &ready, &cold} {
			*all = append(*all, taken[i]...)
		}
	}
	return figures{
		{"last click ÷ bare transaction", click.over(bare), "×", mostClick},
		{"last click, a function's first ÷ bare transaction", first.over(bare), "×", 0},
		{"Submit ÷ bare transaction", submit.over(bare), "×", mostSubmit},
		{"Submit ÷ bare transaction and sealing", float64(submit.median()) / float64(bare.median()+ready.median()), "×", 0},
		{"bare transaction", micros(bare.median()), "µs", 0},
		{"sealing of one report, prepared", micros(ready.median()), "µs", 0},
		{"sealing of one report, a function's first", micros(cold.median()), "µs", 0},
	}, nil
}

// clicksOnFreshStore times the last click, a function's first one, Submit, the bare transaction, and the sealing of one
// report, prepared and not.
func clicksOnFreshStore(ctx context.Context, start int) (_ []timings, err error) {
	t, err := openTown(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	pages, err := frontdoor(t.Municipality, t.Drafts, t.Arrivals, t.Intake)
	if err != nil {
		return nil, err
	}
	n := start
	contestants, err := t.read(ctx, pages,
		func() (func() error, error) {
			n++
			r, err := t.atCheck(ctx, pages, n)
			if err != nil {
				return nil, err
			}
			return r.lastClick(ctx, pages)
		},
		func() (func() error, error) {
			r, err := t.atCheck(ctx, pages, n)
			if err != nil {
				return nil, err
			}
			intake := t.Intake
			intake.Sealer = &wiring.Sealer{Municipality: t.Municipality.ID, Keys: t.Store.PublicKeys, Now: monday}
			fresh, err := frontdoor(t.Municipality, t.Drafts, t.Arrivals, intake)
			if err != nil {
				return nil, err
			}
			return r.lastClick(ctx, fresh)
		},
		func() (func() error, error) {
			r, err := t.atCheck(ctx, pages, n)
			if err != nil {
				return nil, err
			}
			secret, err := r.secret()
			draft := draftOf(t.Municipality, n)
			return func() error {
				_, err := t.Intake.Submit(ctx, monday(), secret, draft)
				return err
			}, err
		},
		func() (func() error, error) {
			written, err := t.written(ctx, n)
			return func() error {
				_, err := t.Store.Client.TransactWriteItems(ctx, written)
				return err
			}, err
		})
	if err != nil {
		return nil, err
	}
	all, err := compare(clicksWarm, clicksAStore, contestants...)
	if err != nil {
		return nil, err
	}
	sealing, err := t.sealing(ctx)
	return append(all, sealing...), err
}

// read lets everybody wait for as long as the check page is read, and then has another resident look at theirs: what is
// compared begins alike, and nobody is charged for waking processor, store and connection.
func (t *town) read(ctx context.Context, pages http.Handler, all ...contestant) ([]contestant, error) {
	other, err := t.atCheck(ctx, pages, 0)
	if err != nil {
		return nil, err
	}
	var waiting []contestant
	for _, c := range all {
		waiting = append(waiting, func() (func() error, error) {
			timed, err := c()
			if err != nil {
				return nil, err
			}
			time.Sleep(toRead)
			return timed, other.look(ctx)
		})
	}
	return waiting, nil
}

// atCheck is a resident who has the check page before them.
func (t *town) atCheck(ctx context.Context, pages http.Handler, n int) (*resident, error) {
	secret := casework.NewSecret()
	if err := t.Drafts.Save(ctx, secret, draftOf(t.Municipality, n), monday()); err != nil {
		return nil, err
	}
	r := &resident{base: "https://hulp.waterstad.example", server: inProcess{pages}, cookie: cookieOf(secret)}
	return r, r.look(ctx)
}

// look shows the check page.
func (r *resident) look(ctx context.Context) error {
	status, _, _, err := r.do(ctx, http.MethodGet, checkPath, nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("GET %s: status %d", checkPath, status)
	}
	return err
}

// lastClick returns what sends the report.
func (r *resident) lastClick(ctx context.Context, pages http.Handler) (timed func() error, err error) {
	request, err := r.post(ctx, checkPath, nil)
	return func() error { return sentBy(pages, request) }, err
}

// sealing times the envelopes and the view of one report and nothing else: with keys made before, and without.
func (t *town) sealing(ctx context.Context) ([]timings, error) {
	kept := &unsealed{}
	intake := t.Intake
	intake.Reports, intake.Sealer, intake.Views = kept, kept, kept
	if _, err := intake.Submit(ctx, monday(), casework.NewSecret(), draftOf(t.Municipality, 1)); err != nil {
		return nil, err
	}
	secret := casework.NewSecret()
	with := func(s casework.Sealer) func() error {
		return func() error {
			for _, p := range []casework.Purpose{casework.ForRouting, casework.ForContact, casework.ForContent} {
				if _, err := s.Seal(p, secret.Reference(0), kept.plain[string(p)]); err != nil {
					return err
				}
			}
			_, err := t.Intake.Views.SealView(secret.LinkToken(), kept.plain["view"])
			return err
		}
	}
	return compare(clicksWarm, clicksAStore,
		func() (func() error, error) {
			t.Sealer.Prepare()
			time.Sleep(toRead)
			return with(t.Sealer), nil
		},
		func() (func() error, error) {
			sealer, err := t.freshSealer(ctx)
			return with(sealer), err
		})
}

// freshSealer is a sealer that has sealed nothing before.
func (t *town) freshSealer(ctx context.Context) (*seal.Sealer, error) {
	keys, err := t.Store.Keys(ctx)
	if err != nil {
		return nil, err
	}
	return seal.NewSealer(t.Municipality.ID, keys)
}

// unprepared prepares nothing: it leaves no work to the background.
type unprepared struct{ *seal.Sealer }

// Prepare prepares nothing.
func (unprepared) Prepare() {}

// sentBy sends a request that must lead somewhere.
func sentBy(pages http.Handler, request *http.Request) error {
	a := answered{header: http.Header{}}
	if pages.ServeHTTP(&a, request); a.status != http.StatusSeeOther {
		return fmt.Errorf("POST %s: status %d", request.URL.Path, a.status)
	}
	return nil
}

// written is the transaction that Submit would send for one more household.
func (t *town) written(ctx context.Context, n int) (*dynamodb.TransactWriteItemsInput, error) {
	var written *dynamodb.TransactWriteItemsInput
	config := t.config.Copy()
	config.APIOptions = append(config.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("keep what would be written", func(
			_ context.Context, in middleware.InitializeInput, _ middleware.InitializeHandler,
		) (middleware.InitializeOutput, middleware.Metadata, error) {
			written, _ = in.Parameters.(*dynamodb.TransactWriteItemsInput)
			return middleware.InitializeOutput{Result: &dynamodb.TransactWriteItemsOutput{}}, middleware.Metadata{}, nil
		}), middleware.Before)
	})
	sealer, err := t.freshSealer(ctx)
	if err != nil {
		return nil, err
	}
	intake := t.Intake
	intake.Reports, intake.Sealer = store(config), unprepared{sealer}
	if _, err := intake.Submit(ctx, monday(), casework.NewSecret(), draftOf(t.Municipality, n)); err != nil {
		return nil, err
	}
	if written == nil {
		return nil, errors.New("a report is written with something else than one transaction")
	}
	return written, nil
}
