package form

import "time"

// Read returns a text as an answer of the type is kept, and whether it is one. Dates, years and types whose answers are
// more than one text have more to be judged by: see Definition.Check.
func (t Type) Read(text string) (kept string, ok bool) {
	kept = t.normal(text)
	code, _ := fault(kept, t.tag(time.Time{}))
	return kept, kept != "" && code == ""
}
