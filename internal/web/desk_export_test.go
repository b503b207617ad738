package web

import "voordeur/internal/casework"

// DeskRoutes lists the patterns of the desk's route table, static files left out.
func DeskRoutes() []string {
	d := newDesk(Desk{})
	var patterns []string
	for _, route := range d.routes() {
		patterns = append(patterns, route.pattern)
	}
	return patterns
}

// DeskAudiences returns to whom each route of the desk's table is there.
func DeskAudiences() map[string]string {
	may := map[string]string{}
	for _, route := range newDesk(Desk{}).routes() {
		may[route.pattern] = string(route.may)
	}
	return may
}

// Audiences lists the audiences that there are, the widest first.
func Audiences() []string {
	var all []string
	for _, a := range audiences() {
		all = append(all, string(a))
	}
	return all
}

// DeskActs lists the desk's acts by name, each with its move.
func DeskActs() map[string]casework.EventKind {
	acts := map[string]casework.EventKind{}
	for _, a := range newDesk(Desk{}).acts() {
		acts[a.name] = a.kind
	}
	return acts
}

// ProvePath leads to the provider, also who is signed in.
const ProvePath = provePath

// SessionID is the id of the session that a cookie's secret opens.
func SessionID(secret casework.Secret) string { return sessionID(secret) }

// The cookies of the two sides, which share a port on a laptop.
const (
	DraftCookie   = draftCookie
	SessionCookie = sessionCookie
	SignInCookie  = signInCookie
)

// LocalGoal says whether a sign-in may lead to a path.
func LocalGoal(path string) bool { return localGoal(path) }
