package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"voordeur/infra/local/example"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/directory"
)

// wantExample holds the stored staff against the example staff.
func (o *office) wantExample(unconfirmed bool) {
	o.t.Helper()
	want, err := example.Of("waterstad")
	if err != nil {
		o.t.Fatal(err)
	}
	got := o.staff()
	for _, p := range want.People {
		w, _ := got.Worker(p.ID)
		p.Worker.Unconfirmed = unconfirmed
		if diff := cmp.Diff(p, example.Person{Card: got.Cards[p.ID], Worker: w}, cmpopts.EquateEmpty()); diff != "" {
			o.t.Errorf("%s (-example +stored):\n%s", p.ID, diff)
		}
	}
	slices.SortFunc(want.Organisations, func(a, b directory.Organisation) int { return strings.Compare(a.ID, b.ID) })
	if diff := cmp.Diff(want.Organisations, got.Organisations); diff != "" {
		o.t.Errorf("partners (-example +stored):\n%s", diff)
	}
	if diff := cmp.Diff(want.Roster, got.Roster); diff != "" || len(got.Workers) != len(want.People) {
		o.t.Errorf("%d workers; roster (-example +stored):\n%s", len(got.Workers), diff)
	}
}

// Nobody knows whether mail reaches those who are new.
//
// feature:H3
func TestTheExampleFilesMakeTheExampleStaff(t *testing.T) {
	o := empty(t)
	printed, err := o.people(append(allExamples(), "-apply")...)
	if err != nil || !strings.HasSuffix(printed, done+"\n") {
		t.Fatalf("%v\n%s", err, printed)
	}
	o.wantExample(true)
	if printed, err = o.people(append(allExamples(), "-apply")...); err != nil || !strings.Contains(printed, ": 0 veranderingen\n") {
		t.Errorf("the second time: %v\n%s", err, printed)
	}
	if got := o.staff().Version; got != 1 {
		t.Errorf("the staff was saved %d times, want once", got)
	}
}

func TestATrialSaysWhatWouldChangeAndChangesNothing(t *testing.T) {
	o := staffed(t)
	for range 3 { // one for each generalist with room for it
		o.town.Case(t, o.now, exampletest.Answers(nil))
	}
	before := o.staff()
	printed, err := o.people(
		edited(t, "workers.csv", ";28;4;", ";20;4;1-12-2026", ";088 000 2005;", ";06 12345678;", "emre@", "e.ankerman@",
			"noor;Noor Vissers;noor@wijkteam.waterstad.example;088 000 2006;jeugd- en gezinswerker;midden-zuid;;jeugd;Nederlands, Arabisch;24;8;",
			"noor;Noor Vissers;noor@wijkteam.waterstad.example;088 000 2006;jeugd- en gezinswerker;midden-zuid;;jeugd;Nederlands, Arabisch;24;8;23-11-2026\n"+
				"w13;Jikke Roerganger;jikke@wijkteam.waterstad.example;088 000 2013;generalist;noord;;generalist;Nederlands;16;2;"),
		edited(t, "roster.csv", "donderdag;ilse;hanna;daan", "donderdag;daan;noor"),
		edited(t, "partners.csv", "luwte;", "luwte;", "088 000 1006", "088 000 1999"),
	)
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(before, o.staff()); diff != "" {
		t.Errorf("the trial changed:\n%s", diff)
	}
	golden(t, "testdata/trial.golden", printed)
}

func TestWhatTheStaffWouldLackIsAFault(t *testing.T) {
	for name, tt := range map[string]struct {
		file string
		set  []string
		want string
	}{
		"no coordinator": {
			"workers.csv",
			[]string{"midden-zuid;coördinator;", "midden-zuid;;"},
			"Na deze verandering: er is geen coördinator, geef iemand die rol",
		},
		"no coordinator, told after what is wrong on a line": {
			"workers.csv",
			[]string{"midden-zuid;coördinator;", "midden-zuid;;", ";28;4;", ";82;4;"},
			"workers.csv, regel 2, kolom uren: vul hele uren in, van 0 tot en met 48\n" +
				"Na deze verandering: er is geen coördinator, geef iemand die rol",
		},
		"a safeguarding lead who leaves today": {
			"workers.csv",
			[]string{"jeugd;Nederlands, Engels;24;8;", "jeugd;Nederlands, Engels;24;8;23-11-2026"},
			"Na deze verandering: er is geen aandachtsfunctionaris, geef iemand die rol",
		},
		"a day without anybody": {
			"roster.csv",
			[]string{"vrijdag;hanna;ilse;fenna\n", ""},
			"Na deze verandering: op vrijdag heeft niemand dienst, vul het rooster aan",
		},
		"a worker who is not in the file": {
			"workers.csv",
			[]string{"lotte;Lotte van der Sloot;lotte@wijkteam.waterstad.example;088 000 2004;generalist;midden-zuid;;generalist;Nederlands, Pools;24;4;\n", ""},
			"workers.csv: lotte ontbreekt: zet de regel terug en vul uit dienst op in",
		},
		"a new worker who left": {
			"workers.csv",
			[]string{"fenna;Fenna", "w13;W;w13@a.example;088 000 2013;f;noord;;generalist;Nederlands;8;0;1-11-2026\nfenna;Fenna"},
			"workers.csv, regel 2, kolom uit dienst op: deze medewerker is al weg en stond er nooit in, haal de regel weg",
		},
		"a partner that the form names": {
			"partners.csv",
			[]string{"ggz-de-luwte;GGZ De Luwte;behandelt psychische klachten;088 000 1003\n", ""},
			"Na deze verandering: partner ggz-de-luwte ontbreekt, hij staat in het bestand van de gemeente",
		},
		"a partner by another name": {
			"partners.csv",
			[]string{"GGZ De Luwte", "De Luwte"},
			"Na deze verandering: partner ggz-de-luwte heet anders in het bestand van de gemeente, maak de namen gelijk",
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := staffed(t)
			before := o.staff()
			_, err := o.people("-apply", edited(t, tt.file, tt.set...))
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if diff := cmp.Diff(before, o.staff()); diff != "" {
				t.Errorf("something changed:\n%s", diff)
			}
		})
	}
}

func TestADayWhoseOnlyDutyWorkerLeavesIsAFault(t *testing.T) {
	_, err := staffed(t).people(
		edited(t, "roster.csv", "woensdag;hanna;ilse;lotte", "woensdag;lotte"),
		edited(t, "workers.csv", "Pools;24;4;", "Pools;24;4;23-11-2026"),
	)
	if want := "Na deze verandering: op woensdag heeft niemand dienst, vul het rooster aan"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestWhatKeepsNothingFromBeingDoneIsANote(t *testing.T) {
	for name, tt := range map[string]struct {
		file string
		set  []string
		want string
	}{
		"a new address":          {"workers.csv", []string{"emre@", "e.ankerman@"}, "emre krijgt een ander e-mailadres. "},
		"a new colleague":        {"workers.csv", []string{"fenna;Fenna", "w13;W;w13@a.example;088 000 2013;f;noord;;generalist;Nederlands;8;0;\nfenna;Fenna"}, "Nieuw: w13. "},
		"a rule that loses them": {"workers.csv", []string{";wonen;", ";;"}, "Regel r2 wijst straks niemand aan. "},
		"a rule that loses them in a month": {
			"workers.csv",
			[]string{"jeugd;Nederlands, Arabisch;24;8;", "jeugd;Nederlands, Arabisch;24;8;23-12-2026", ";jeugd;Nederlands, Engels;", ";;Nederlands, Engels;"},
			"Regel r1 wijst straks niemand aan. ",
		},
		"a coordinator who leaves in a month": {
			"workers.csv",
			[]string{"coördinator;;Nederlands, Engels;24;8;", "coördinator;;Nederlands, Engels;24;8;23-12-2026"},
			"Vanaf 23-12-2026: er is geen coördinator, geef iemand die rol.",
		},
		"somebody on duty who left": {
			"workers.csv",
			[]string{";noord;;;Nederlands, Engels;24;8;", ";noord;;;Nederlands, Engels;24;8;2026-11-01"},
			"ilse is weg en staat nog op het rooster van donderdag. ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := staffed(t)
			printed, err := o.people("-apply", edited(t, tt.file, tt.set...))
			if err != nil || !strings.Contains(printed, "\nLet op. "+tt.want) {
				t.Errorf("%v\n%s", err, printed)
			}
		})
	}
	t.Run("a partner that is not given along", func(t *testing.T) {
		printed, err := empty(t).people(allExamples()[:2]...)
		if err != nil || !strings.Contains(printed, "\nLet op. Partner ggz-de-luwte ontbreekt, hij staat in het bestand van de gemeente.\n") {
			t.Errorf("%v\n%s", err, printed)
		}
	})
}

func TestLeavingIsAppliedWithOpenCasesAndComingBackToo(t *testing.T) { // threat:T05
	o := staffed(t)
	lead := o.town.Case(t, o.now, exampletest.Answers(nil)).Lead
	hours := map[string]string{"fenna": "28;4;", "daan": "24;4;"}[lead]
	language := map[string]string{"fenna": "Engels;", "daan": "Turks;"}[lead]
	leaving := edited(t, "workers.csv", language+hours, language+hours+"23-11-2026")
	printed, err := o.people("-apply", leaving)
	if want := "toegang stopt nu, 1 open casus: zie de uitleg"; err != nil || !strings.Contains(printed, want) {
		t.Errorf("%v\n%s", err, printed)
	}
	if w, _ := o.staff().Worker(lead); w.WorksOn(o.now) || w.Load != 1 {
		t.Errorf("works on: %v, load %d", w.WorksOn(o.now), w.Load)
	}
	gone, err := os.ReadFile(leaving)
	if err != nil {
		t.Fatal(err)
	}
	var rest []string
	for line := range strings.Lines(string(gone)) {
		if !strings.HasPrefix(line, lead+";") {
			rest = append(rest, strings.TrimSpace(line))
		}
	}
	printed, err = o.people(file(t, rest...))
	if err != nil || !strings.Contains(printed, ": 0 veranderingen\n") || !strings.Contains(printed, "Let op. "+lead+" is weg en staat nog op het rooster") {
		t.Errorf("without the line of who left: %v\n%s", err, printed)
	}
	again := file(t, append(rest, "w13;Anna;"+lead+"@wijkteam.waterstad.example;0612345678;f;noord;;generalist;Nederlands;8;0;")...)
	if _, err := o.people(again); err == nil || !strings.HasSuffix(err.Error(), "kolom e-mail: dit e-mailadres is van "+lead+", gebruik dat id") {
		t.Errorf("the address of who left under another id: %v", err)
	}
	if printed, err := o.people("-apply", examples+"workers.csv"); err != nil || !strings.Contains(printed, "uit dienst op\n") {
		t.Errorf("coming back: %v\n%s", err, printed)
	}
	if w, _ := o.staff().Worker(lead); !w.WorksOn(o.now) {
		t.Error("who came back has no access")
	}
}

func TestAPartnerThatIsNotInTheFileIsAPartnerNoMore(t *testing.T) {
	o := staffed(t)
	add := file(t, mustRead(t, "partners.csv")+"sport;Sportclub Waterstad;sporten;14 030")
	if _, err := o.people("-apply", add); err != nil {
		t.Fatal(err)
	}
	if n := len(o.staff().Organisations); n != 9 {
		t.Fatalf("%d partners, want 9", n)
	}
	if printed, err := o.people("-apply", examples+"partners.csv"); err != nil || !strings.Contains(printed, "  partner  sport  weg") {
		t.Errorf("%v\n%s", err, printed)
	}
	o.wantExample(false)
}

// Of two who load at one moment one is told so, and what the other did stays.
func TestWhoIsOvertakenIsToldAndOverwritesNothing(t *testing.T) {
	o := staffed(t)
	files, err := load(o.town.Municipality, []string{edited(t, "workers.csv", ";28;4;", ";20;4;")})
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPlan(t.Context(), o.town.Municipality, o.store, files, o.now)
	if err != nil || len(p.faults) > 0 {
		t.Fatal(err, p.faults)
	}
	if _, err := o.people("-apply", edited(t, "workers.csv", ";32;6;", ";30;6;")); err != nil {
		t.Fatal(err)
	}
	theirs := o.staff()
	if err := p.apply(t.Context(), o.store, new(strings.Builder)); err == nil || err.Error() != overtaken {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(theirs, o.staff()); diff != "" {
		t.Errorf("what the other did was changed:\n%s", diff)
	}
}

func TestWhatCannotBeDoneIsSaid(t *testing.T) {
	o := staffed(t)
	for name, tt := range map[string]struct {
		args []string
		env  map[string]string
		want string
	}{
		"no file":               {args: []string{"-apply"}, want: help},
		"asking for help":       {args: []string{"-h"}, want: help},
		"two files of one kind": {args: []string{examples + "roster.csv", examples + "roster.csv"}, want: "noem van elk soort bestand er één"},
		"no such file":          {args: []string{"x.csv"}, want: "x.csv: dit bestand is er niet, kijk naar de naam en de map"},
		"what a faulty line would change": {
			args: []string{edited(t, "workers.csv", ";28;4;", ";82;4;")},
			want: "workers.csv, regel 2, kolom uren: vul hele uren in, van 0 tot en met 48",
		},
		"every fault of the environment": {
			args: []string{"x.csv"}, env: map[string]string{"MUNICIPALITY": "", "CASES_TABLE": ""},
			want: "MUNICIPALITY is not set\nCASES_TABLE is not set",
		},
	} {
		t.Run(name, func(t *testing.T) {
			kept := maps.Clone(o.env)
			maps.Copy(o.env, tt.env)
			printed, err := o.people(tt.args...)
			o.env = kept
			if err == nil || err.Error() != tt.want || printed != "" {
				t.Errorf("error %v\nwant %s\nprinted %q", err, tt.want, printed)
			}
		})
	}
}

// H3: an address is confirmed until it is another one. What else changes of a worker, or in which letters the address is
// written, leaves it confirmed.
func TestAChangedAddressIsToBeConfirmedAgain(t *testing.T) { // feature:H3
	for name, tt := range map[string]struct {
		set  []string
		want bool
	}{
		"another address":      {[]string{"emre@", "e.ankerman@"}, true},
		"the same in capitals": {[]string{"emre@wijkteam", "Emre@Wijkteam"}, false},
		"another number":       {[]string{";088 000 2005;", ";06 12345678;"}, false},
		"another's address":    {[]string{";088 000 2005;", ";06 12345678;", "fenna@", "f.bakboord@"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := staffed(t)
			if printed, err := o.people(edited(t, "workers.csv", tt.set...), "-apply"); err != nil {
				t.Fatalf("%v\n%s", err, printed)
			}
			got := o.staff()
			if w, _ := got.Worker("emre"); w.Unconfirmed != tt.want {
				t.Errorf("unconfirmed: %t, want %t; the address is %s", w.Unconfirmed, tt.want, got.Cards["emre"].Email)
			}
		})
	}
}
