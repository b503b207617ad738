package web

// DeskRoutes lists the patterns of the desk's route table, static files left out.
func DeskRoutes() []string {
	d := newDesk(Desk{})
	var patterns []string
	for _, route := range d.routes() {
		patterns = append(patterns, route.pattern)
	}
	return patterns
}

// The cookies of the two sides, which share a port on a laptop.
const (
	DraftCookie   = draftCookie
	SessionCookie = sessionCookie
	SignInCookie  = signInCookie
)

// LocalGoal says whether a sign-in may lead to a path.
func LocalGoal(path string) bool { return localGoal(path) }
