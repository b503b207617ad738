package casework

import (
	"time"

	"voordeur/internal/form"
)

// Suspicion is why a report may be a program's and no person's. It goes sealed with the routing facts: the front door
// refuses nobody and shows the same pages to everybody. Dispatch keeps a suspected report for a person to look at.
type Suspicion struct {
	Doubts  []Doubt `json:"doubts"`            // at least one
	Network string  `json:"network,omitempty"` // form.Begun.Network
}

// Doubt is one sign of a program. None is about what somebody answered, their language, or where in the world they are.
type Doubt string

// The doubts.
const (
	TooFast Doubt = "fast"  // sent sooner after the beginning than a person can read it
	Trapped Doubt = "trap"  // the field that nobody sees was filled in
	Crowded Doubt = "crowd" // many forms were begun from one network in the same hour
)

// Limits is from where on a report is doubted. The zero value doubts no pace and no crowd.
type Limits struct {
	FastestFill time.Duration // from the first page to the last click
	MostBegun   int           // forms an hour of one network; 0: any number
}

// PublicLimits are those of a front door on the internet. The short path is seven pages, which nobody reads and answers
// within a quarter of a minute. From one network, a library's or that of a telephone company, a town of ordinary size
// begins a few forms an hour; what is above that costs a click of a worker, and nothing of the resident.
func PublicLimits() Limits { return Limits{FastestFill: 15 * time.Second, MostBegun: 20} }

// suspicion returns what speaks against a person who began so and sends now, or nil. A form that never began, such as one
// of a municipality's own system, is not doubted.
func (l Limits) suspicion(b form.Begun, now time.Time) *Suspicion {
	var doubts []Doubt
	if !b.At.IsZero() && now.Sub(b.At) < l.FastestFill {
		doubts = append(doubts, TooFast)
	}
	if b.Trapped {
		doubts = append(doubts, Trapped)
	}
	if l.MostBegun > 0 && b.Count > l.MostBegun {
		doubts = append(doubts, Crowded)
	}
	if len(doubts) == 0 {
		return nil
	}
	return &Suspicion{Doubts: doubts, Network: b.Network}
}
