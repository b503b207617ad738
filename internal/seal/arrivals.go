package seal

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"time"
)

// Arrivals counts how many forms each network begins in an hour. Only a MAC of the network is stored, under a salt that
// is random and gone after its day: then nobody can tell any more which network it was.
type Arrivals struct {
	Rows ArrivalRows

	mu   sync.Mutex
	day  string
	salt []byte // of day
}

// ArrivalRows is the short-lived table.
type ArrivalRows interface {
	// Salt returns the 32 random bytes of a day ("2026-11-23"). They are made when first asked for, and may go after ends.
	Salt(ctx context.Context, day string, ends time.Time) ([]byte, error)
	// CountArrival adds one to a count and returns it. The count may go after ends.
	CountArrival(ctx context.Context, id string, ends time.Time) (int, error)
}

// saltOutlasts is how long after its day a salt is kept: a clock may lag behind.
const saltOutlasts = time.Hour

// Count counts a form that a network begins. name is what the network is called in this hour, 16 hexadecimal characters;
// count is how many it began, this one included.
func (a *Arrivals) Count(ctx context.Context, network string, now time.Time) (name string, count int, err error) {
	salt, err := a.saltOf(ctx, now)
	if err != nil {
		return "", 0, err
	}
	hour := now.UTC().Truncate(time.Hour)
	mac := hmac.New(sha256.New, salt)
	fmt.Fprintf(mac, "voordeur arrivals %d %s", hour.Unix(), network)
	name = hex.EncodeToString(mac.Sum(nil)[:8])
	if count, err = a.Rows.CountArrival(ctx, name, hour.Add(time.Hour)); err != nil {
		return "", 0, fmt.Errorf("count an arrival: %w", err)
	}
	return name, count, nil
}

// saltOf returns the salt of now's day, which is read once.
func (a *Arrivals) saltOf(ctx context.Context, now time.Time) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	begins := now.UTC().Truncate(24 * time.Hour)
	day := begins.Format(time.DateOnly)
	if a.day != day {
		salt, err := a.Rows.Salt(ctx, day, begins.Add(24*time.Hour+saltOutlasts))
		if err != nil {
			return nil, fmt.Errorf("read the day's salt: %w", err)
		}
		a.day, a.salt = day, salt
	}
	return a.salt, nil
}
