package casework

import "time"

// How long a session lasts, in real time: since it was last seen, and since it started.
const (
	SessionIdle  = 60 * time.Minute
	SessionLasts = 10 * time.Hour
)

// Session is a signed-in worker. Who the worker is and may do is read from the table on every request.
type Session struct {
	ID      string // keyed hash of what the cookie holds
	Worker  string
	Started time.Time
	Proved  time.Time // when the worker last proved to the provider who they are; zero: it did not say
}

// SignIn is a sign-in on its way to the provider and back; it can be taken once.
type SignIn struct {
	ID       string // keyed hash of the state
	Nonce    string
	Verifier string // PKCE
	Goal     string // the page to go to
	Fresh    bool   // the worker has to prove anew who they are, whatever the provider remembers
	Expires  time.Time
}
