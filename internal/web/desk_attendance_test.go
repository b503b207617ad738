package web_test

import (
	"strings"
	"testing"
	"time"

	"voordeur/internal/casework"
)

// I4: on the page of a meeting that was planned stands who came; when only a helper did, that is told as it was, with what
// was agreed, and another meeting is what comes next.
func TestAMeetingWithAHelperAloneIsWrittenDown(t *testing.T) { // feature:I4
	o := openOffice(t)
	c := o.accepted(t, full())
	do(t, func() error { return o.Work.Contacted(t.Context(), o.click(c, c.Lead)) })
	b := o.signedIn(t, c.Lead)
	if asked := b.get(caseURL(c) + "/verslag").Find("[name='resident']").Length(); asked > 0 {
		t.Error("who came is asked of a meeting that nobody planned")
	}
	b.send(b.get(caseURL(c)+"/gesprek"), "/gesprek", append(on(o.business().AddDate(0, 0, 1), "14.00"), "place", "home")...)
	o.later(48 * time.Hour)
	b = o.signedIn(t, c.Lead)
	page := b.get(caseURL(c) + "/verslag")
	a := b.send(page, "/verslag", "resident", "resident", "also", "Oma Til")
	if got := toMend(a); len(got) != 1 || got[0] != "Kies ja of nee, bijvoorbeeld nee." {
		t.Errorf("to mend when the resident came: %v", got)
	}
	a = b.send(page, "/verslag", "resident", "helper", "also", "Oma Til", "agreed.1", "zoekt de post bij elkaar")
	for id, want := range map[string][]string{
		"laatste-gesprek": {"De bewoner Kwam niet. Er kwam wel een helper.", "Oma Til", "zoekt de post bij elkaar"},
		"tijdlijn":        {"De bewoner kwam niet. Er kwam wel een helper."},
	} {
		for _, want := range want {
			if got := part(a, id); !strings.Contains(got, want) {
				t.Errorf("%s: got %q, want %q", id, got, want)
			}
		}
	}
	if got := deskText(a.Find("h2#stap").NextUntil("h2").Find("a, button").First()); got != "Plan een gesprek" {
		t.Errorf("the first act is %q", got)
	}
	if after := o.head(t, c.ID); after.State != casework.MeetingPlanned || after.Met != 0 {
		t.Errorf("the case is %s after %d meetings", after.State, after.Met)
	}
	plan := b.get(caseURL(c) + "/plan")
	if got := plan.Find("[name='agreed.1']").AttrOr("value", ""); got != "zoekt de post bij elkaar" {
		t.Errorf("the plan begins with %q, want what was agreed", got)
	}
}
