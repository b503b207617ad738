package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"voordeur/internal/form"
)

// trapField is a field of the check page that nobody sees, hears or is led to. Who fills it in is a program; the answer
// is the same as everybody's (T31).
const trapField = "bericht2"

// Arrivals counts the forms that networks begin.
type Arrivals interface {
	// Count counts a form that a network begins. name is what the network is called in this hour; it tells nobody which
	// network it is. count is how many forms it began in this hour, this one included.
	Count(ctx context.Context, network string, now time.Time) (name string, count int, err error)
}

// begun is how a form begins now. Nobody waits in vain for a count that cannot be made: a form without one begins too.
func (d *frontdoor) begun(r *http.Request) form.Begun {
	b := form.Begun{At: d.Now().UTC()}
	var err error
	if b.Network, b.Count, err = d.Arrivals.Count(r.Context(), networkOf(r), d.Now()); err != nil {
		d.Log.ErrorContext(r.Context(), "a form began uncounted", slog.Any("error", err))
	}
	return b
}
