package web

// APIRoutes lists the patterns of the API's route table with the scope of each, "" for everybody.
func APIRoutes() map[string]string {
	patterns := map[string]string{}
	for _, route := range newAPI(API{}).routes() {
		patterns[route.pattern] = route.scope
	}
	return patterns
}

// ProblemStatus returns the status of a kind of problem.
func ProblemStatus(kind string) int { return problemKind(kind).status() }
