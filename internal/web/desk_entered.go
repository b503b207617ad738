package web

import "voordeur/internal/casework"

// enteredRows says who filled the form in for the resident, and who gets the updates; nothing when the resident did.
func (v deskWords) enteredRows(e *casework.Entry) []SummaryRow {
	if e == nil {
		return nil
	}
	updates := []string{v.texts.T("desk.entered.updates." + string(e.Updates.To))}
	for _, said := range []string{e.Updates.Name, e.Updates.Email, e.Updates.Phone} {
		if said != "" {
			updates = append(updates, said)
		}
	}
	entered := []string{v.person(e.Worker), v.texts.T("desk.entry.way." + string(e.How))}
	if e.Told {
		entered = append(entered, v.texts.T("desk.entered.told"))
	}
	return []SummaryRow{
		{Key: v.texts.T("desk.entered.by"), Lines: entered},
		{Key: v.texts.T("desk.entered.updates"), Lines: updates},
	}
}
