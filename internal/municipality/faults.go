package municipality

import "strings"

// Fault is one thing wrong in a file.
type Fault struct {
	Place string // "areas[0].postcodes[1].from"; "" is the file as a whole
	Text  string // Dutch: what to do about it
}

// Faults is everything wrong in a file, in the order of the file.
type Faults []Fault

// Error gives one line for each fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		place := fault.Place
		if place == "" {
			place = "bestand"
		}
		lines[i] = place + ": " + fault.Text
	}
	return strings.Join(lines, "\n")
}

// And returns f followed by those of more whose place f does not name yet: one place, one text, so that a check that
// only repeats an earlier one in other words is not heard.
func (f Faults) And(more Faults) Faults {
	named := make(map[string]bool, len(f))
	for _, fault := range f {
		named[fault.Place] = true
	}
	for _, fault := range more {
		if !named[fault.Place] {
			f = append(f, fault)
		}
	}
	return f
}
