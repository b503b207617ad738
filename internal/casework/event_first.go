package casework

import (
	"bytes"
	"time"

	"voordeur/internal/routing"
)

// What release 0.1 wrote of an event. Its histories are kept as long as their cases, up to twenty years, and an event is
// never changed: this file goes when the last of them does.

// FirstDetail is what Event.Detail holds, sealed with the content.
type FirstDetail struct {
	Reason   string            `json:"reason"`
	Decision *routing.Decision `json:"decision"`
}

// firstEvent is an event in the words that release 0.1 hashed.
type firstEvent struct {
	Case    Reference
	Version int
	Kind    EventKind
	At      time.Time
	By      string
	Command string
	From    State
	To      State
	Lead    string
	Was     string
	Subject string
	Detail  Envelope
	Hash    []byte
}

// firstFollows is follows for an event of release 0.1, which knew neither another case nor two envelopes.
func (e Event) firstFollows(previous []byte) (bool, error) {
	if e.Other != "" || e.Entered != "" || len(e.Reason) > 0 || len(e.Why) > 0 {
		return false, nil
	}
	want, err := e.hash(previous, firstEvent{
		Case: e.Case, Version: e.Version, Kind: e.Kind, At: e.At.UTC(), By: e.By, Command: e.Command, From: e.From, To: e.To,
		Lead: e.Lead, Was: e.Was, Subject: e.Subject, Detail: e.Detail,
	})
	return bytes.Equal(want, e.Hash), err
}
