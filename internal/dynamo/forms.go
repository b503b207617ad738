package dynamo

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// formRow is a form as residents were asked it. It holds nobody's data, and is never changed or removed.
type formRow struct {
	PK   string `dynamodbav:"PK"`
	SK   string `dynamodbav:"SK"`
	Form []byte `dynamodbav:"form"` // form.Asked.Encode
}

// KeepForm stores a form as residents are asked it, under its hash; one that is kept already is left as it is.
func (s *Store) KeepForm(ctx context.Context, a form.Asked) error {
	k := formKey(a.Hash())
	_, err := s.put(ctx, s.Cases, formRow{PK: k.PK, SK: k.SK, Form: a.Encode()}, absent, nil)
	if err != nil && !errors.Is(err, casework.ErrConflict) {
		return fmt.Errorf("keep form: %w", err)
	}
	return nil
}

// Form returns the form of a hash as residents were asked it, or casework.ErrNotFound.
func (s *Store) Form(ctx context.Context, hash string) (form.Asked, error) {
	row, err := get[formRow](ctx, s, s.Cases, formKey(hash))
	if err != nil {
		return form.Asked{}, fmt.Errorf("form %s: %w", hash, err)
	}
	return form.DecodeAsked(row.Form)
}

// Forms keeps the form as residents are asked it now.
type Forms struct {
	Store *Store
	Asked func() (form.Asked, error)

	kept atomic.Bool
}

// Keep keeps the form. After it has succeeded once it does nothing.
func (f *Forms) Keep(ctx context.Context) error {
	if f.kept.Load() {
		return nil
	}
	asked, err := f.Asked()
	if err != nil {
		return fmt.Errorf("keep form: %w", err)
	}
	if err := f.Store.KeepForm(ctx, asked); err != nil {
		return err
	}
	f.kept.Store(true)
	return nil
}
