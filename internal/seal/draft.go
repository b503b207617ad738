package seal

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// DraftLasts is how long a draft is kept after its last change when no resume code was asked for.
const DraftLasts = 72 * time.Hour

// Drafts keeps drafts unreadable to everybody but the holder of their secret.
type Drafts struct {
	Municipality string
	Rows         DraftRows
}

// DraftRows is the short-lived table.
type DraftRows interface {
	// Draft returns a row that has not expired, or casework.ErrNotFound.
	Draft(ctx context.Context, id string, now time.Time) (casework.DraftRow, error)
	// PutDraft stores a row on the condition that the stored version is one lower (none for version 1), else
	// casework.ErrConflict.
	PutDraft(ctx context.Context, id string, row casework.DraftRow) error
}

// Load opens the draft of a secret; casework.ErrNotFound when there is none or it has expired.
func (d Drafts) Load(ctx context.Context, secret casework.Secret, now time.Time) (form.Draft, error) {
	id := secret.DraftID()
	row, err := d.Rows.Draft(ctx, id, now)
	if err != nil {
		return form.Draft{}, fmt.Errorf("read draft: %w", err)
	}
	packed, err := decrypt(secret.DraftKey(), row.Sealed, associated(d.Municipality, "draft", id))
	if err != nil {
		return form.Draft{}, fmt.Errorf("draft: %w", err)
	}
	plain, err := inflate(packed)
	if err != nil {
		return form.Draft{}, fmt.Errorf("inflate draft: %w", ErrSealed)
	}
	var draft form.Draft
	if err := json.Unmarshal(plain, &draft); err != nil {
		return form.Draft{}, fmt.Errorf("decode draft: %w", err)
	}
	draft.Version = row.Version
	return draft, nil
}

// Save stores the next version of a draft; casework.ErrConflict when another tab was first.
func (d Drafts) Save(ctx context.Context, secret casework.Secret, draft form.Draft, now time.Time) error {
	row, err := d.seal(secret, draft, now)
	if err != nil {
		return err
	}
	if err := d.Rows.PutDraft(ctx, secret.DraftID(), row); err != nil {
		return fmt.Errorf("save draft: %w", err)
	}
	return nil
}

// seal returns the next version of a draft as it is stored.
func (d Drafts) seal(secret casework.Secret, draft form.Draft, now time.Time) (casework.DraftRow, error) {
	draft.Version++
	draft.Changed = now.UTC()
	plain, err := json.Marshal(draft)
	if err != nil {
		return casework.DraftRow{}, fmt.Errorf("encode draft: %w", err)
	}
	packed, err := deflate(plain)
	if err != nil {
		return casework.DraftRow{}, fmt.Errorf("deflate draft: %w", err)
	}
	sealed, err := encrypt(secret.DraftKey(), packed, associated(d.Municipality, "draft", secret.DraftID()))
	if err != nil {
		return casework.DraftRow{}, fmt.Errorf("seal draft: %w", err)
	}
	lasts := DraftLasts
	if !draft.Paused.IsZero() {
		lasts = casework.ResumeCodeLasts
	}
	return casework.DraftRow{Version: draft.Version, Sealed: sealed, Expires: now.Add(lasts).UTC()}, nil
}
