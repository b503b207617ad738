package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"voordeur/internal/form"
	"voordeur/internal/routing"
)

// Report is what the front door stored: three sealed envelopes and what the receipt says.
type Report struct {
	Receipt
	Owner  []byte    // Secret.Owner: whose report this is
	MAC    []byte    // Secret.MAC of what was sent
	Judged Judgement // of a suspected report; zero: nobody said anything about it
	LinkID string    // of the resident's link; "" under a safety flag
	Goes   time.Time // from when it may be gone: a smoke test, or what is destroyed; zero: it stays

	Routing Envelope // Referral: dispatch and desk
	Contact Envelope // Contact: dispatch and desk
	Content Envelope // Content: desk alone
}

// Receipt is what the resident is told. It may stand in the store unsealed.
type Receipt struct {
	Reference     Reference
	Received      time.Time
	ContactBefore time.Time // the promise: somebody contacts the resident before
}

// Purpose is whom an envelope is for; each has its own key pairs.
type Purpose string

// The purposes.
const (
	ForRouting Purpose = "routing" // dispatch and desk
	ForContact Purpose = "contact" // dispatch and desk
	ForContent Purpose = "content" // desk alone
	// ForMatching keys the hashes that reports of one household meet by; nothing is sealed for it.
	ForMatching Purpose = "matching" // dispatch and desk
)

// Envelope is a sealed text. Only the holder of the purpose's private key opens it, and only as part of the case and
// municipality it was sealed for.
type Envelope []byte

// Sealer seals; every function may.
type Sealer interface {
	Seal(p Purpose, id Reference, plain []byte) (Envelope, error)
	// Prepare begins in the background what a report's envelopes need before there is a report. It saves who waits for
	// them time, and changes nothing else.
	Prepare()
}

// Opener opens what it holds the private key of.
type Opener interface {
	Open(ctx context.Context, p Purpose, id Reference, e Envelope) ([]byte, error)
}

// Matcher hashes traits with a key that only dispatch and desk have.
type Matcher interface {
	// Hashes returns each trait's hashes under every key there is, the newest first and at least one.
	Hashes(ctx context.Context, traits []Trait) ([][]string, error)
}

// Views seals and opens the small view of a resident's page. Both take the link's token: the visitor brings it, and
// dispatch and desk find it in the contact envelope.
type Views interface {
	// SealView returns a link that holds the view, and as yet no reference or end.
	SealView(t LinkToken, plain []byte) (Link, error)
	OpenView(t LinkToken, l Link) ([]byte, error)
}

// Link is a resident's link as it is stored.
type Link struct {
	ID        string // LinkToken.ID
	Reference Reference
	Expires   time.Time
	View      []byte // View, sealed
	PublicKey []byte // of the view that releases 0.1 and 0.2 sealed; nil since
}

// Referral is what the routing envelope holds: the facts that routing decides from, and what finds the rest of them.
//
// A case that joins nothing has no traits: under a safety flag they serve the warning on its own page only, and when
// somebody asks for another the phone and e-mail are not the household's.
type Referral struct {
	Traits      []Trait       `json:"traits,omitempty"`
	KnownWorker string        `json:"known_worker,omitempty"` // as the resident wrote it
	Receipt     bool          `json:"receipt,omitempty"`      // the resident left a safe e-mail address
	Mark        string        `json:"mark,omitempty"`         // a call name that may be a smoke test's; no other
	Suspicion   *Suspicion    `json:"suspicion,omitempty"`
	EnteredBy   string        `json:"entered_by,omitempty"` // worker id, of an intermediary
	Told        bool          `json:"told,omitempty"`       // the intermediary gave the resident the receipt
	Facts       routing.Facts `json:"facts"`
}

// openReferral opens a report's routing envelope. Which case it is and when it was reported stand on the report's row;
// reports of before shape 2 have both in the envelope as well.
func openReferral(ctx context.Context, o Opener, r Report) (Referral, error) {
	referral, err := OpenJSON[Referral](ctx, o, ForRouting, r.Reference, r.Routing)
	referral.Facts.CaseID, referral.Facts.Reported = string(r.Reference), r.Received
	return referral, err
}

// Trait is something that two reports of one household share. Dispatch and desk hash it with their key; it never stands
// in the store as it is.
type Trait struct {
	Kind  TraitKind `json:"kind"`
	Value string    `json:"value"` // normalised
}

// TraitKind says what a trait is.
type TraitKind string

// The traits.
const (
	SameAddress TraitKind = "address" // postcode and house number
	SamePhone   TraitKind = "phone"
	SameEmail   TraitKind = "email"
)

// Contact is what the contact envelope holds: how to reach the resident, and what is safe.
type Contact struct {
	CallName     string    `json:"call_name"`
	Language     string    `json:"language"`
	Neutral      bool      `json:"neutral,omitempty"` // a safety flag is up: every message neutral, no link
	Channels     []Channel `json:"channels"`
	When         string    `json:"when,omitempty"`          // when it is safe, in the resident's words
	LeaveMessage string    `json:"leave_message,omitempty"` // "yes", "no" or "" (skipped)
	Postcode     string    `json:"postcode,omitempty"`
	HouseNumber  string    `json:"house_number,omitempty"`
	LinkToken    string    `json:"link_token,omitempty"` // "" under a safety flag
	ForOther     bool      `json:"for_other,omitempty"`  // the contact is somebody who fills in for another
	Updates      *Updates  `json:"updates,omitempty"`    // nil: the resident gets them
}

// Way is how a resident can be reached.
type Way string

// The ways, as the form's contact_way has them.
const (
	ByCall   Way = "call"
	ByText   Way = "text"
	ByEmail  Way = "email"
	ByLetter Way = "letter"
	ByVisit  Way = "come_by"
	ByNoWay  Way = "none" // no answer of the form: none is safe, so that nothing is sent
)

// Channel is one way with its number or address. It is safe when the resident chose it and, under a safety flag, ticked
// it again, unless they said that none is.
type Channel struct {
	Way   Way    `json:"way"`
	Value string `json:"value,omitempty"`
	Safe  bool   `json:"safe"`
}

// SafeEmail returns the e-mail address that may be written to, "" when there is none.
func (c Contact) SafeEmail() string {
	for _, ch := range c.Channels {
		if ch.Way == ByEmail && ch.Safe {
			return ch.Value
		}
	}
	return ""
}

// Content is what the content envelope holds: the answers as sent, with the form they were given on.
type Content struct {
	Form     string       `json:"form"` // form.Definition.Version
	Path     form.Path    `json:"path"`
	Language string       `json:"language"`
	Answers  form.Answers `json:"answers"`
	Entry    *Entry       `json:"entry,omitempty"` // nil: the resident filled it in
	Asked    string       `json:"asked,omitempty"` // form.Asked.Hash; "" of releases 0.1 and 0.2
}

// askedAs returns the content of this JSON, which says nothing of it yet, as asked in the form of a hash.
func askedAs(content []byte, hash string) []byte {
	return fmt.Appendf(slices.Clone(content[:len(content)-1]), `,"asked":%q}`, hash)
}

// View is what the resident's own page shows; it holds no answer.
type View struct {
	Receipt Receipt `json:"receipt"`
	Looks   string  `json:"looks,omitempty"` // who looks at it now that the promise was broken; the date is a new one
	Only    Way     `json:"only,omitempty"`  // ByVisit or ByNoWay where nobody can promise to call; else ""
}
