package web

import (
	"time"

	"voordeur/internal/routing"
)

// audience says to whom an address of the desk is there. To anybody else who is signed in it is not: they get the page of
// an unknown address. A route that names none is there to nobody.
type audience string

// The audiences.
const (
	everybody audience = "everybody" // without signing in too
	// colleagues work here, in whatever role.
	colleagues audience = "colleagues"
	// team takes cases: everybody but partners, administrators and privacy officers.
	team audience = "team"
	// readers have a part in the case of the address. That is asked once the case is read: casework.Case.MayRead.
	readers audience = "readers"
	// judges are on duty today, or coordinators: they look at suspected reports.
	judges audience = "judges"
	// coordinators see and move every list.
	coordinators audience = "coordinators"
	// officers are privacy officers.
	officers audience = "privacy officers"
)

// audiences lists them, the widest first.
func audiences() []audience {
	return []audience{everybody, colleagues, team, readers, judges, coordinators, officers}
}

// admits says whether an address with this audience is there to somebody who is signed in.
func (a audience) admits(s seat, now time.Time) bool {
	aside := s.worker.Aside()
	switch a {
	case everybody, colleagues:
		return true
	case team:
		return aside == ""
	case readers:
		return aside == "" || aside == routing.Partner
	case judges:
		return s.people.MayJudge(s.reader(), now)
	case coordinators:
		return s.reader().Coordinator
	case officers:
		return aside == routing.PrivacyOfficer
	}
	return false
}
