package web_test

import (
	"net/http"
	"strings"
	"testing"

	"voordeur/internal/casework"
)

// G6: a note is the team's unless somebody says otherwise. For the household it is only when it is marked so, for those who
// are named: what is of one person is not another's.
func TestANoteIsForTheTeamUnlessItIsMarked(t *testing.T) { // feature:G6
	o := openOffice(t)
	c := o.accepted(t, full())
	b := o.signedIn(t, c.Lead)
	page := b.get(caseURL(c) + "/notitie")
	a := b.send(page, "/notitie", "reason", "belt maandag terug", "whom", "Sam")
	if got := part(a, "notities"); !strings.Contains(got, "belt maandag terug") || strings.Contains(got, "Sam") {
		t.Errorf("the team's note: %q", got)
	}
	page = b.get(caseURL(c) + "/notitie")
	a = b.send(page, "/notitie", "reason", "heeft een afspraak gemaakt", "circle", "household", "whom", "")
	if got := toMend(a); a.status != http.StatusUnprocessableEntity || len(got) != 1 || got[0] != "Schrijf op wie dit mag lezen, bijvoorbeeld: Sam." {
		t.Errorf("for nobody in the household: %d %v", a.status, got)
	}
	a = b.send(page, "/notitie", "reason", "heeft een afspraak gemaakt", "circle", "household", "whom", "Sam")
	if got := part(a, "notities"); !strings.Contains(got, "Ook voor Sam") {
		t.Errorf("the household's note: %q", got)
	}
	d, err := o.Store.Dossier(t.Context(), c.ID)
	do(t, func() error { return err })
	for i, want := range []casework.Note{{For: casework.ForTeam}, {For: casework.ForHousehold, Whom: "Sam"}} {
		kept, err := casework.OpenJSON[casework.Note](t.Context(), o.Work.Opener, casework.ForContent, c.ID, d.Events[len(d.Events)-2+i].Record)
		do(t, func() error { return err })
		if kept != want {
			t.Errorf("kept is %+v, want %+v", kept, want)
		}
	}
}
