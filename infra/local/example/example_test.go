package example_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example"
	"voordeur/internal/directory"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
	"voordeur/schemas"
)

// Each example municipality's staff belongs to its file: teams, rules, roster and partners point at what is there.
func TestTheStaffBelongsToItsMunicipality(t *testing.T) {
	for _, id := range []string{"waterstad", "duinrand"} {
		t.Run(id, func(t *testing.T) {
			data, err := schemas.Municipality(id)
			if err != nil {
				t.Fatal(err)
			}
			m, err := municipality.Read(data)
			if err != nil {
				t.Fatal(err)
			}
			staff, err := example.Of(m.ID)
			if err != nil {
				t.Fatal(err)
			}
			belongs(t, m, staff)
			m.Rules.Rules = nil // which name those people
			belongs(t, m, example.StandIns(m))
		})
	}
	if _, err := example.Of("elders"); err == nil {
		t.Error("a municipality without a file has workers")
	}
}

func belongs(t *testing.T, m *municipality.Municipality, staff example.Staff) {
	t.Helper()
	works := func(worker string) bool {
		return slices.ContainsFunc(staff.People, func(p example.Person) bool { return p.ID == worker })
	}
	roles := map[routing.Role]bool{}
	for _, p := range staff.People {
		if !slices.ContainsFunc(m.Teams, func(team municipality.Team) bool { return team.ID == p.Worker.Team }) {
			t.Errorf("%s works in team %s, which is not there", p.ID, p.Worker.Team)
		}
		for _, role := range p.Worker.Roles {
			roles[role] = true
		}
	}
	if !roles[routing.Coordinator] || !roles[routing.SafeguardingLead] {
		t.Errorf("there is no coordinator or no safeguarding lead: %v", roles)
	}
	for day := range m.OfficeHours {
		for _, worker := range staff.Roster[day] {
			if !works(worker) {
				t.Errorf("%s is on duty on %s and does not work here", worker, day)
			}
		}
		if len(staff.Roster[day]) == 0 {
			t.Errorf("nobody is on duty on %s", day)
		}
	}
	for _, rule := range m.Rules.Rules {
		if worker := rule.Leads.Worker; worker != "" && !works(worker) {
			t.Errorf("rule %s points at %s, who does not work here", rule.ID, worker)
		}
	}
	var partners []municipality.Organisation
	for _, o := range staff.Organisations {
		partners = append(partners, municipality.Organisation{ID: o.ID, Name: o.Name})
	}
	if diff := cmp.Diff(m.Organisations, partners); diff != "" {
		t.Errorf("organisations (-file +staff):\n%s", diff)
	}
	if slices.ContainsFunc(staff.Organisations, func(o directory.Organisation) bool { return o.Phone == "" || o.Can == "" }) {
		t.Error("a partner has no number, or nothing it can do")
	}
}
