package municipality

import "fmt"

// Neighbour is another municipality, for residents whose postcode is there.
type Neighbour struct {
	Name      string          `json:"name" validate:"required,max=100"` // as its residents know it
	URL       string          `json:"url" validate:"https_url"`         // where its residents ask for help
	Number    string          `json:"number" validate:"number_to_call"`
	Postcodes []PostcodeRange `json:"postcodes" validate:"min=1,dive"`
}

// NeighbourOf returns the municipality next door that serves a postcode, as far as the file knows; ok is false when it
// knows none. A postcode of this municipality is no neighbour's.
func (m *Municipality) NeighbourOf(postcode string) (neighbour Neighbour, ok bool) {
	digits, ok := postcodeDigits(postcode)
	if !ok {
		return Neighbour{}, false
	}
	for _, n := range m.Neighbours {
		for _, r := range n.Postcodes {
			if r.From <= digits && digits <= r.To {
				return n, true
			}
		}
	}
	return Neighbour{}, false
}

// neighbourFaults keeps postcodes of this municipality's areas, or of two neighbours, from being told twice.
func neighbourFaults(m *Municipality) Faults {
	var faults Faults
	var before []servedRange
	for _, a := range m.Areas {
		for _, r := range a.Postcodes {
			before = append(before, servedRange{r, a.ID})
		}
	}
	for i, n := range m.Neighbours {
		for j, r := range n.Postcodes {
			faults = append(faults, rangeFaults(fmt.Sprintf("neighbours[%d].postcodes[%d]", i, j), r, before)...)
			before = append(before, servedRange{r, n.Name})
		}
	}
	return faults
}
