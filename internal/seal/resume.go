package seal

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// The cost of trying a code: OWASP's first choice for Argon2id, some 40 ms of a processor and a twenty-fifth of the
// function's memory. Another cost or another server secret shuts every code that was given.
const (
	argonPasses  = 2
	argonMemory  = 19 << 10 // KiB
	argonThreads = 1
)

// maxTries is how many codes one network may try in an hour, right and wrong ones together: enough for a library,
// telephones that share an address included.
const maxTries = 20

const (
	// busyTries is how many codes all networks together try in an hour before each may try few only: a hundred times what
	// a large town's residents do. Somebody is guessing then, from many places.
	busyTries = 1_000
	// fewTries is what is left to each network in such an hour: who has a code still comes in.
	fewTries = 3
)

// Pauses lets a resume code open a draft again. Who reads the short-lived table, where codes lead to drafts, reads
// neither: that takes the code, and the server secret in the other table to try codes at all.
type Pauses struct {
	Drafts Drafts
	Rows   PauseRows

	mu     sync.Mutex
	secret []byte // the server's, once it was read
}

// PauseRows is where pauses are kept.
type PauseRows interface {
	// ServerSecret returns 32 random bytes that stay the same, from the table that holds no drafts. They are made when
	// first asked for.
	ServerSecret(ctx context.Context) ([]byte, error)
	// PutPause stores a draft as PutDraft does, and in the same transaction what its code opens, on the condition that
	// the code is free or this owner's; else casework.ErrConflict.
	PutPause(ctx context.Context, draftID string, draft casework.DraftRow, codeID string, code casework.ResumeRow) error
	// Resume returns what a code opens, or casework.ErrNotFound when there is nothing or it has expired.
	Resume(ctx context.Context, codeID string, now time.Time) (casework.ResumeRow, error)
	// CountTry counts a try of a network and returns how many there are. The count may go after ends.
	CountTry(ctx context.Context, id string, ends time.Time) (int, error)
}

// Pause saves a draft for 14 days and lets its code open it as long. casework.ErrConflict: another tab was first.
func (p *Pauses) Pause(ctx context.Context, secret casework.Secret, draft form.Draft, now time.Time) error {
	draft.Paused = now.UTC()
	row, err := p.Drafts.seal(secret, draft, now)
	if err != nil {
		return err
	}
	id, key, err := p.keys(ctx, secret.ResumeCode())
	if err != nil {
		return err
	}
	sealed, err := encrypt(key, secret[:], p.bound(id))
	if err != nil {
		return fmt.Errorf("seal pause: %w", err)
	}
	code := casework.ResumeRow{Owner: secret.ResumeOwner(), Sealed: sealed, Expires: draft.Paused.Add(casework.ResumeCodeLasts)}
	if err := p.Rows.PutPause(ctx, secret.DraftID(), row, id, code); err != nil {
		return fmt.Errorf("save pause: %w", err)
	}
	return nil
}

// Resume returns the secret of the draft that a code opens. A code that is unknown or has expired, and any code of a
// network that tried too often, right ones included, give casework.ErrNotFound.
func (p *Pauses) Resume(ctx context.Context, network string, code casework.ResumeCode, now time.Time) (casework.Secret, error) {
	if err := p.count(ctx, network, now); err != nil {
		return casework.Secret{}, err
	}
	id, key, err := p.keys(ctx, code)
	if err != nil {
		return casework.Secret{}, err
	}
	row, err := p.Rows.Resume(ctx, id, now)
	if err != nil {
		return casework.Secret{}, fmt.Errorf("read pause: %w", err)
	}
	plain, err := decrypt(key, row.Sealed, p.bound(id))
	if err != nil {
		return casework.Secret{}, fmt.Errorf("pause: %w", err)
	}
	var secret casework.Secret
	if copy(secret[:], plain) != len(secret) {
		return casework.Secret{}, fmt.Errorf("pause: %w", ErrSealed)
	}
	return secret, nil
}

// errTooOften means that a network tried too often this hour.
var errTooOften = fmt.Errorf("too many tries this hour: %w", casework.ErrNotFound)

// count lets a network try so often an hour, and less often in an hour in which codes are guessed from many networks.
// What a network tries in vain above that counts for nobody else.
func (p *Pauses) count(ctx context.Context, network string, now time.Time) error {
	tries, err := p.tried(ctx, network, now)
	if err != nil {
		return err
	}
	if tries > maxTries {
		return errTooOften
	}
	all, err := p.tried(ctx, everybody, now)
	if err != nil {
		return err
	}
	if all > busyTries && tries > fewTries {
		return errTooOften
	}
	return nil
}

// everybody is no network's name.
const everybody = "all"

// tried counts a try of a network, or of everybody. The network is not stored, only its MAC of this hour.
func (p *Pauses) tried(ctx context.Context, network string, now time.Time) (int, error) {
	server, err := p.serverSecret(ctx)
	if err != nil {
		return 0, err
	}
	hour := now.UTC().Truncate(time.Hour)
	mac := hmac.New(sha256.New, server)
	fmt.Fprintf(mac, "voordeur tries %d %s", hour.Unix(), network)
	tries, err := p.Rows.CountTry(ctx, hex.EncodeToString(mac.Sum(nil)[:16]), hour.Add(time.Hour))
	if err != nil {
		return 0, fmt.Errorf("count a try: %w", err)
	}
	return tries, nil
}

// keys returns where the row of a code lies, and the key that it is sealed with. One at a time, so that many tries at
// one moment cost no more memory than one.
func (p *Pauses) keys(ctx context.Context, code casework.ResumeCode) (id string, key []byte, err error) {
	server, err := p.serverSecret(ctx)
	if err != nil {
		return "", nil, err
	}
	salt, err := hkdf.Key(sha256.New, server, nil, "voordeur resume "+p.Drafts.Municipality, 32)
	if err != nil {
		return "", nil, fmt.Errorf("salt of a code: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	both := argon2.IDKey([]byte(code), salt, argonPasses, argonMemory, argonThreads, 16+32)
	return hex.EncodeToString(both[:16]), both[16:], nil
}

// serverSecret reads the server secret once.
func (p *Pauses) serverSecret(ctx context.Context) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.secret == nil {
		secret, err := p.Rows.ServerSecret(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the server secret: %w", err)
		}
		p.secret = secret
	}
	return p.secret, nil
}

func (p *Pauses) bound(id string) []byte { return associated(p.Drafts.Municipality, "resume", id) }
