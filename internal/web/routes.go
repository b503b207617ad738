package web

import (
	"maps"
	"slices"
)

// Routes lists the patterns of the residents' pages, as http.ServeMux has them, in no order that counts.
func (f Frontdoor) Routes() []string {
	return slices.Collect(maps.Keys((&frontdoor{Frontdoor: f}).routes()))
}

// Routes lists the patterns of the workers' pages.
func (d Desk) Routes() []string {
	patterns := []string{"GET " + staticPrefix}
	for _, route := range newDesk(d).routes() {
		patterns = append(patterns, route.pattern)
	}
	return patterns
}

// Routes lists the patterns of the API.
func (a API) Routes() []string {
	var patterns []string
	for _, route := range newAPI(a).routes() {
		patterns = append(patterns, route.pattern)
	}
	return patterns
}
