package municipality_test

import (
	"testing"

	"voordeur/internal/municipality"
	"voordeur/schemas"
)

func waterstad(t *testing.T) *municipality.Municipality {
	t.Helper()
	data, err := schemas.Municipality("waterstad")
	if err != nil {
		t.Fatal(err)
	}
	m, err := municipality.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAreaOfFindsTheAreaThatServesAPostcode(t *testing.T) {
	m := waterstad(t)
	for name, tt := range map[string]struct {
		in, want string // want is an area's id, "" for none
	}{
		"with a space":                {"9991 AB", "noord"},
		"without a space, lower case": {"9994ab", "centrum"},
		"digits alone":                {"9997", "zuid"},
		"first of a range":            {"9990 AA", "noord"},
		"last of a range":             {"9993 ZZ", "noord"},
		"first of the next":           {"9994 AA", "centrum"},
		"last of all":                 {"9999 ZZ", "zuid"},
		"just outside":                {"9989 ZZ", ""},
		"one digit too many":          {"99911", ""},
		"letters where digits belong": {"ABCD 99", ""},
		"digits where letters belong": {"9991 12", ""},
		"letters of another alphabet": {"9991 Щ", ""},
		"nothing":                     {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := m.AreaOf(tt.in)
			if got.ID != tt.want || ok != (tt.want != "") {
				t.Errorf("AreaOf(%q) = %q, %v; want %q", tt.in, got.ID, ok, tt.want)
			}
		})
	}
}

func TestTeamOfFollowsTheArea(t *testing.T) {
	m := waterstad(t)
	for area, want := range map[string]string{"noord": "noord", "centrum": "midden-zuid", "zuid": "midden-zuid", "west": ""} {
		got, ok := m.TeamOf(area)
		if got.ID != want || ok != (want != "") {
			t.Errorf("TeamOf(%s) = %q, %v; want %q", area, got.ID, ok, want)
		}
	}
}

func TestTermsOfGivesTheTermsOfTheClass(t *testing.T) {
	m := waterstad(t)
	for p, want := range map[municipality.Priority]municipality.Terms{
		municipality.P1: {
			FirstLook: municipality.Term{OfficeHours: 4}, FirstContact: municipality.Term{WorkingDays: 1},
			Accept: municipality.Term{OfficeHours: 4}, Escalated: municipality.Term{WorkingDays: 1},
		},
		municipality.P2: {
			FirstLook: municipality.Term{WorkingDays: 1}, FirstContact: municipality.Term{WorkingDays: 2},
			Accept: municipality.Term{WorkingDays: 1}, Escalated: municipality.Term{WorkingDays: 1},
		},
		municipality.P3: {
			FirstLook: municipality.Term{WorkingDays: 1}, FirstContact: municipality.Term{WorkingDays: 5},
			Accept: municipality.Term{WorkingDays: 1}, Escalated: municipality.Term{WorkingDays: 1},
		},
	} {
		if got := m.TermsOf(p); got != want {
			t.Errorf("TermsOf(%s) = %+v, want %+v", p, got, want)
		}
	}
}
