package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"

	"voordeur/internal/casework"
)

const (
	mostClick  = 1.5 // the last click ÷ the bare transaction
	mostSubmit = 1.2 // Submit ÷ the bare transaction

	// The local store takes longer to write the more its stream holds, so each run of this many begins with a new one.
	clickStores  = 4
	clicksAStore = 100
	clicksWarm   = 10
)

// clicks compares the last click (event to receipt, with the draft's read) and Submit alone with the one transaction
// that both make, and shows how much of the rest is sealing.
func clicks(ctx context.Context) (figures, error) {
	var click, submit, bare, sealing timings
	for n := range clickStores {
		taken, err := clicksOnFreshStore(ctx, n*(clicksWarm+clicksAStore))
		if err != nil {
			return nil, fmt.Errorf("last click: %w", err)
		}
		click, submit = append(click, taken[0]...), append(submit, taken[1]...)
		bare, sealing = append(bare, taken[2]...), append(sealing, taken[3]...)
	}
	return figures{
		{"last click ÷ bare transaction", click.over(bare), "×", mostClick},
		{"Submit ÷ bare transaction", submit.over(bare), "×", mostSubmit},
		{"Submit ÷ bare transaction and sealing", float64(submit.median()) / float64(bare.median()+sealing.median()), "×", 0},
		{"bare transaction", micros(bare.median()), "µs", 0},
		{"sealing of one report", micros(sealing.median()), "µs", 0},
	}, nil
}

func clicksOnFreshStore(ctx context.Context, first int) (_ []timings, err error) {
	t, err := openTown(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	pages, err := frontdoor(t.Municipality, t.Drafts, t.Intake)
	if err != nil {
		return nil, err
	}
	sealing, err := t.sealing(ctx)
	if err != nil {
		return nil, err
	}
	n := first
	return compare(clicksWarm, clicksAStore,
		func() (func() error, error) {
			n++
			return t.click(ctx, pages, n)
		},
		func() (func() error, error) {
			secret, draft := casework.NewSecret(), draftOf(t.Municipality, n)
			return func() error {
				_, err := t.Intake.Submit(ctx, monday(), secret, draft)
				return err
			}, nil
		},
		func() (func() error, error) {
			written, err := t.written(ctx, n)
			return func() error {
				_, err := t.Store.Client.TransactWriteItems(ctx, written)
				return err
			}, err
		},
		sealing)
}

// click prepares a draft and the request that sends it.
func (t *town) click(ctx context.Context, pages http.Handler, n int) (timed func() error, err error) {
	secret := casework.NewSecret()
	if err := t.Drafts.Save(ctx, secret, draftOf(t.Municipality, n), monday()); err != nil {
		return nil, err
	}
	r := resident{base: "https://hulp.waterstad.example", cookie: cookieOf(secret)}
	request, err := r.post(ctx, checkPath, nil)
	return func() error {
		return sentBy(pages, request)
	}, err
}

// sealing makes the envelopes and the view of one report, and nothing else.
func (t *town) sealing(ctx context.Context) (contestant, error) {
	kept := &unsealed{}
	intake := t.Intake
	intake.Reports, intake.Sealer = kept, kept
	if _, err := intake.Submit(ctx, monday(), casework.NewSecret(), draftOf(t.Municipality, 1)); err != nil {
		return nil, err
	}
	secret := casework.NewSecret()
	return repeated(1, func() error {
		for _, p := range []casework.Purpose{casework.ForRouting, casework.ForContact, casework.ForContent} {
			if _, err := t.Sealer.Seal(p, secret.Reference(0), kept.plain[string(p)]); err != nil {
				return err
			}
		}
		_, err := t.Sealer.SealView(secret.LinkToken(), kept.plain["view"])
		return err
	}), nil
}

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
	intake := t.Intake
	intake.Reports = store(config)
	if _, err := intake.Submit(ctx, monday(), casework.NewSecret(), draftOf(t.Municipality, n)); err != nil {
		return nil, err
	}
	if written == nil {
		return nil, errors.New("a report is written with something else than one transaction")
	}
	return written, nil
}
