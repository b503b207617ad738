package web

import (
	"strings"
	"testing"

	"voordeur/internal/casework"
)

// workKeys are the keys of what a case has become that are put together from parts.
func workKeys() []string {
	keys := []string{"desk.plan.goals", "desk.plan.does", "desk.plan.limits", "desk.plan.part"} // of the template that two pages share
	for _, row := range []string{"when", "where", "comes", "resident", "came", "alone", "alone_note"} {
		keys = append(keys, "desk.meeting."+row)
	}
	for _, row := range []string{"reported", "handed_off", "area", "lead", "outcome", "entered_by", "resident", "came", "call_name", "when", "address"} {
		keys = append(keys, "desk.file."+row)
	}
	for _, kind := range ownWords() {
		keys = append(keys, reasonKey(kind))
	}
	for _, place := range []casework.Place{
		casework.AtHome, casework.CommunityHouse, casework.Outside, casework.ByPhone, casework.ByVideo,
	} {
		keys = append(keys, "desk.meeting.place."+string(place))
	}
	for _, end := range []casework.State{casework.Closed, casework.Withdrawn} {
		keys = append(keys, "desk.ended."+string(end))
	}
	for _, outcome := range []casework.Outcome{
		casework.Helped, casework.Advised, casework.HandedOff, casework.ApplicationFiled, casework.OutOfArea, casework.NoContact,
	} {
		keys = append(keys, "desk.outcome."+string(outcome))
	}
	for _, as := range []casework.Relation{
		casework.WhoWasAsked, casework.TheNewLead, casework.OnDuty, casework.ACoordinator, casework.BehindGlass,
	} {
		keys = append(keys, "desk.outside."+string(as))
	}
	for _, what := range []casework.Scope{casework.WholeCase, casework.ButLeadNotes} {
		keys = append(keys, "desk.share.what."+string(what))
	}
	keys = append(keys, "desk.share.told.yes", "desk.share.told.no")
	for _, page := range auditedPages() {
		keys = append(keys, "desk.page."+page)
	}
	return keys
}

// auditedPages are the pages that an audit row may name and that are no act, by the end of their address.
func auditedPages() []string {
	return []string{
		"desk", "casussen", "{reference}", "formulier", "blad", "zoeken", "noodsleutel", "nakijken", "dicht", "{group}", "sluiten",
		"terugzetten", "toezicht", "{day}", "{worker}", "{from}", "terug", "doorgeven", "doorgegeven",
	}
}

// A field that asks something else than why says what is wanted in words of its own.
func TestWhatIsMissingIsAskedForInItsOwnWords(t *testing.T) {
	texts, err := NewCatalog().In("nl")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range newDesk(Desk{}).acts() {
		label := "desk.ask." + a.name + ".reason.label"
		if texts.Has(label) && !strings.HasPrefix(texts.T(label), "Waarom") && !texts.Has("desk.ask."+a.name+".reason.required") {
			t.Errorf("%s: %q is answered with why", a.name, texts.T(label))
		}
	}
}
