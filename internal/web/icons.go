package web

import (
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// areaIcon is the picture beside a life area: what is drawn in a square of 24 by 24 with a line of 2. It says nothing that
// the words beside it do not say. It is "" for what is no life area, and where only those that were chosen stand: that page
// would weigh what they weigh (T21).
func areaIcon(q form.Question, option string) string {
	if q.Key != "areas" {
		return ""
	}
	switch municipality.LifeArea(option) {
	case municipality.Money: // a coin
		return "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M15 9a4 4 0 1 0 0 6M7 11h5M7 13h5"
	case municipality.Housing: // a house
		return "M3 11l9-8 9 8M5 10v11h14V10M10 21v-6h4v6"
	case municipality.Work: // a bag
		return "M3 8h18v12H3zM9 8V4h6v4M3 13h18"
	case municipality.Home: // a heart
		return "M12 20C5 15 3 11 3 8a4 4 0 0 1 9-1 4 4 0 0 1 9 1c0 3-2 7-9 12z"
	case municipality.Children: // a grown-up and a child
		return "M8 3a3 3 0 1 0 0 6 3 3 0 0 0 0-6M2 21v-4a6 6 0 0 1 11-3M17 12a2 2 0 1 0 0 4 2 2 0 0 0 0-4M13 21a4 4 0 0 1 8 0"
	case municipality.Mind: // a head
		return "M9 21v-4H6v-4l-2-1 2-4a7 7 0 1 1 11 7v6"
	case municipality.Body: // a heartbeat
		return "M2 12h5l3-7 4 14 3-7h5"
	case municipality.Addiction: // a glass
		return "M7 3h10l-1 6a4 4 0 0 1-8 0zM12 13v8M8 21h8"
	case municipality.Household: // a bucket
		return "M5 9h14l-2 12H7zM5 9a7 7 0 0 1 14 0"
	case municipality.People: // two who talk
		return "M3 4h12v9H9l-4 4v-4H3zM18 8h3v9h-2v3l-3-3h-5"
	case municipality.Caring: // a hand that holds a heart
		return "M12 11c-4-3-5-4-5-6a2 2 0 0 1 5-1 2 2 0 0 1 5 1c0 2-1 3-5 6zM3 14l4-1 5 3h3a2 2 0 0 1 0 3h-4M3 20l4 1h7l7-5"
	case municipality.Justice: // scales
		return "M12 3v18M7 21h10M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z"
	case municipality.Papers: // a sheet
		return "M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7"
	case municipality.Other: // three dots
		return "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 12h0M12 12h0M16 12h0"
	}
	return ""
}
