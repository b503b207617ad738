package routing_test

import (
	"strings"
	"testing"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

func TestTheSentenceSaysWhyInFifteenWords(t *testing.T) {
	names := map[string]string{"w1": "Fenna de Bruin", "w2": "Sam Okafor", "w3": "Iris Visser", "boss": "Noor Bakker"}
	rule := municipality.Rule{ID: "r1", Name: "vaste afspraak Noord", Leads: municipality.Leads{
		Team: "noord", Discipline: municipality.Generalist,
	}}
	for name, tt := range map[string]struct {
		workers []routing.Worker
		change  func(*routing.Inputs)
		want    string
	}{
		"the only generalist": {
			workers: []routing.Worker{worker("w1")},
			want:    "Toegewezen aan Fenna de Bruin: generalist van Wijkteam Noord.",
		},
		"the only one with room": {
			workers: []routing.Worker{worker("w1"), worker("w2", full)},
			want:    "Toegewezen aan Fenna de Bruin: generalist van Wijkteam Noord, als enige met plek.",
		},
		"the least busy": {
			workers: []routing.Worker{worker("w1"), worker("w2", load(2)), worker("w3", load(3))},
			want:    "Toegewezen aan Fenna de Bruin: generalist van Wijkteam Noord, minst druk van drie met plek.",
		},
		"the language is not told": {
			workers: []routing.Worker{worker("w1", speaks("ar")), worker("w2")},
			change:  func(in *routing.Inputs) { in.Facts.Language = "ar" },
			want:    "Toegewezen aan Fenna de Bruin: generalist van Wijkteam Noord, past het best van twee.",
		},
		"the wish for an experience worker is not told": {
			workers: []routing.Worker{worker("w1", experienced), worker("w2"), worker("w3")},
			change:  func(in *routing.Inputs) { in.Facts.Experience = true },
			want:    "Toegewezen aan Fenna de Bruin: generalist van Wijkteam Noord, past het best van drie.",
		},
		"who waited longest, of those equally busy": {
			workers: []routing.Worker{worker("w1"), worker("w2", lastAssigned(t, "2026-11-01 09:00")), worker("w3", load(1))},
			want:    "Toegewezen aan Fenna de Bruin: generalist van Wijkteam Noord, wachtte het langst van twee.",
		},
		"a lot": {
			workers: []routing.Worker{worker("w1"), worker("w2")},
			want:    "Toegewezen aan Fenna de Bruin: generalist van Wijkteam Noord, geloot uit twee gelijken.",
		},
		"a rule": {
			workers: []routing.Worker{worker("w1"), worker("w2", load(2))},
			change:  func(in *routing.Inputs) { in.Rules.Rules = []municipality.Rule{rule} },
			want:    "Toegewezen aan Fenna de Bruin: vaste afspraak Noord, minst druk van twee met plek.",
		},
		"the duty worker": {
			workers: []routing.Worker{worker("w1"), worker("w2")},
			change: func(in *routing.Inputs) {
				in.Facts.Safety, in.Roster = true, routing.Roster{"tuesday": {"w1", "w2"}}
			},
			want: "Toegewezen aan Fenna de Bruin: dienstdoende volgens het rooster.",
		},
		"who leads what runs already": { // feature:E8
			workers: []routing.Worker{worker("w1"), worker("w2")},
			change:  func(in *routing.Inputs) { in.Facts.Match = &routing.Match{Case: "c0", Lead: "w1"} },
			want:    "Toegewezen aan Fenna de Bruin: er loopt misschien al iets bij dit huishouden.",
		},
		"who led what is closed: nothing runs": { // feature:E5
			workers: []routing.Worker{worker("w1"), worker("w2")},
			change:  func(in *routing.Inputs) { in.Facts.Match = &routing.Match{Case: "c0", Lead: "w1", Closed: true} },
			want:    "Toegewezen aan Fenna de Bruin: was bij dit huishouden misschien al eerder regisseur.",
		},
		"the coordinator, since all are full": {
			workers: []routing.Worker{worker("w1", full)},
			want:    "Bij coördinator Noor Bakker: niemand anders heeft plek.",
		},
		"the coordinator, since the area is not known": {
			change: func(in *routing.Inputs) { in.Facts.Area = "" },
			want:   "Bij coördinator Noor Bakker: de wijk is niet bekend.",
		},
		"the coordinator, since nobody is there": {
			workers: []routing.Worker{worker("w1", inactive)},
			want:    "Bij coördinator Noor Bakker: niemand anders is beschikbaar.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputs(t, append(tt.workers, worker("boss", coordinator))...)
			if tt.change != nil {
				tt.change(&in)
			}
			d, _ := choose(t, in)
			got := d.Sentence(func(id string) string { return names[id] })
			if got != tt.want {
				t.Errorf("Sentence = %q\nwant       %q", got, tt.want)
			}
			if n := len(strings.Fields(got)); n > 15 {
				t.Errorf("%d words: %q", n, got)
			}
		})
	}
}

func TestTheSentenceOfAQueueGivesNoReason(t *testing.T) {
	d, err := routing.Queue(inputs(t, worker("boss", coordinator)))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := d.Sentence(func(string) string { return "Noor Bakker" }), "Bij coördinator Noor Bakker."; got != want {
		t.Errorf("Sentence = %q, want %q", got, want)
	}
}
