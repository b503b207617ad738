package seal

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
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
	row, err := d.Rows.Draft(ctx, secret.DraftID(), now)
	if err != nil {
		return form.Draft{}, fmt.Errorf("read draft: %w", err)
	}
	box, err := d.box(secret)
	if err != nil {
		return form.Draft{}, err
	}
	if len(row.Sealed) < box.NonceSize() {
		return form.Draft{}, fmt.Errorf("draft of %d bytes: %w", len(row.Sealed), ErrSealed)
	}
	nonce, sealed := row.Sealed[:box.NonceSize()], row.Sealed[box.NonceSize():]
	packed, err := box.Open(nil, nonce, sealed, associated(d.Municipality, "draft", secret.DraftID()))
	if err != nil {
		return form.Draft{}, fmt.Errorf("draft: %w", ErrSealed)
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
	draft.Version++
	draft.Changed = now.UTC()
	plain, err := json.Marshal(draft)
	if err != nil {
		return fmt.Errorf("encode draft: %w", err)
	}
	packed, err := deflate(plain)
	if err != nil {
		return fmt.Errorf("deflate draft: %w", err)
	}
	box, err := d.box(secret)
	if err != nil {
		return err
	}
	nonce := make([]byte, box.NonceSize())
	rand.Read(nonce)
	row := casework.DraftRow{
		Version: draft.Version,
		Sealed:  box.Seal(nonce, nonce, packed, associated(d.Municipality, "draft", secret.DraftID())),
		Expires: now.Add(DraftLasts).UTC(),
	}
	if err := d.Rows.PutDraft(ctx, secret.DraftID(), row); err != nil {
		return fmt.Errorf("save draft: %w", err)
	}
	return nil
}

func (d Drafts) box(secret casework.Secret) (cipher.AEAD, error) {
	block, err := aes.NewCipher(secret.DraftKey())
	if err != nil {
		return nil, fmt.Errorf("draft key: %w", err)
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("draft cipher: %w", err)
	}
	return box, nil
}
