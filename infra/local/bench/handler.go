package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/web"
)

const (
	mostHandler    = 2 // the last click without store and sealing ÷ JSON and validation
	handlerRounds  = 300
	handlerAtATime = 10
)

// handler compares the last click without store and sealing with what nobody can leave out: reading the draft's JSON,
// checking every answer once, and writing the JSON of what is sealed.
func handler(ctx context.Context) (figures, error) {
	m, err := readTown()
	if err != nil {
		return nil, err
	}
	kept, err := json.Marshal(draftOf(m, 1))
	if err != nil {
		return nil, err
	}
	bare := &unsealed{draft: kept}
	intake := casework.Intake{Municipality: m, Form: form.Of(m), Reports: bare, Sealer: bare, Views: bare}
	pages, err := frontdoor(m, bare, nil, intake)
	if err != nil {
		return nil, err
	}
	r := resident{base: "https://hulp.waterstad.example", cookie: cookieOf(casework.NewSecret())}
	click := func() (func() error, error) {
		var requests []*http.Request
		for range handlerAtATime {
			request, err := r.post(ctx, checkPath, nil)
			if err != nil {
				return nil, err
			}
			requests = append(requests, request)
		}
		return func() error {
			for _, request := range requests {
				if err := sentBy(pages, request); err != nil {
					return err
				}
			}
			return nil
		}, nil
	}
	if timed, err := click(); err != nil || timed() != nil {
		return nil, errors.Join(err, errors.New("the click leads nowhere"))
	}
	var sealed sealedValues
	if err := sealed.read(bare.plain); err != nil {
		return nil, err
	}
	c := form.Context{Municipality: m, Path: form.Full, Today: monday()}
	taken, err := compare(handlerRounds/10, handlerRounds, click, repeated(handlerAtATime, func() error {
		var d form.Draft
		if err := json.Unmarshal(kept, &d); err != nil {
			return err
		}
		if problems := form.Core().CheckAll(d.Answers, c); len(problems) > 0 {
			return fmt.Errorf("draft has %d problems", len(problems))
		}
		return sealed.write()
	}))
	if err != nil {
		return nil, fmt.Errorf("handler: %w", err)
	}
	return figures{
		{"handler without store and sealing ÷ JSON and validation", taken[0].over(taken[1]), "×", mostHandler},
		{"handler without store and sealing", micros(taken[0].median()) / handlerAtATime, "µs", 0},
	}, nil
}

// unsealed is the store of drafts, the store of reports and the sealer of one click, and does the work of none of them.
type unsealed struct {
	web.Drafts       // nil: of a draft only Load is asked
	casework.Reports // nil: of a report only Submit is asked
	casework.Views   // nil: of a view only SealView is asked

	draft []byte            // JSON
	plain map[string][]byte // what was to be sealed last, by purpose
}

// Load reads the draft's JSON.
func (u *unsealed) Load(context.Context, casework.Secret, time.Time) (d form.Draft, err error) {
	return d, json.Unmarshal(u.draft, &d)
}

// Submit keeps nothing.
func (u *unsealed) Submit(context.Context, casework.Report, *casework.Link) (casework.Report, error) {
	return casework.Report{}, nil
}

// Seal returns the text as it is.
func (u *unsealed) Seal(p casework.Purpose, _ casework.Reference, plain []byte) (casework.Envelope, error) {
	u.keep(string(p), plain)
	return plain, nil
}

// Prepare has nothing to prepare.
func (u *unsealed) Prepare() {}

// SealView returns the view as it is.
func (u *unsealed) SealView(t casework.LinkToken, plain []byte) (casework.Link, error) {
	u.keep("view", plain)
	return casework.Link{ID: t.ID(), View: plain}, nil
}

func (u *unsealed) keep(what string, plain []byte) {
	if u.plain == nil {
		u.plain = map[string][]byte{}
	}
	u.plain[what] = plain
}

// sealedValues is what one report seals, as values.
type sealedValues struct {
	referral casework.Referral
	contact  casework.Contact
	content  casework.Content
	view     casework.View
}

func (s *sealedValues) read(plain map[string][]byte) error {
	return errors.Join(
		json.Unmarshal(plain[string(casework.ForRouting)], &s.referral),
		json.Unmarshal(plain[string(casework.ForContact)], &s.contact),
		json.Unmarshal(plain[string(casework.ForContent)], &s.content),
		json.Unmarshal(plain["view"], &s.view),
	)
}

func (s *sealedValues) write() error {
	for _, v := range []any{s.referral, s.contact, s.content, s.view} {
		if _, err := json.Marshal(v); err != nil {
			return err
		}
	}
	return nil
}
