package dynamo

import "voordeur/internal/casework"

// addTo puts one item of a case's partition into its dossier.
func addTo(d *casework.Dossier, it item) error {
	k, err := decode[Key](it)
	if err != nil {
		return err
	}
	switch k.kind() {
	case "CASE":
		row, err := decode[caseRow](it)
		if !row.forgotten() {
			d.Case = row.toCase()
		}
		return err
	case "EVENT":
		row, err := decode[eventRow](it)
		d.Events = append(d.Events, row.event())
		return err
	case "OUTSIDE":
		row, err := decode[readRow](it)
		d.Outside = append(d.Outside, row.reading())
		return err
	case "MESSAGE":
		row, err := decode[messageRow](it)
		if err != nil {
			return err
		}
		m, err := row.message()
		d.Messages = append(d.Messages, m)
		return err
	}
	return nil
}
