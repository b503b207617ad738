package municipality_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadTellsTheFaultsOfOwnQuestionsInDutch(t *testing.T) { // ux:20
	dutch := func(f object, question int) object { return in(f, "questions", question, "texts", "nl") }
	for name, tt := range map[string]struct {
		change func(file object)
		want   map[string]string
	}{
		"a key that another question has, and one that is no key": {
			func(f object) { in(f, "questions", 1)["key"] = "boat"; in(f, "questions", 2)["key"] = "Weg-vanaf" },
			map[string]string{
				"questions[1].key": "boat komt al eerder voor",
				"questions[2].key": "gebruik kleine letters en _, bijvoorbeeld eigen_boot",
			},
		},
		"a place and a type that are not there": {
			func(f object) { in(f, "questions", 2)["place"] = "safety"; in(f, "questions", 2)["type"] = "file" },
			map[string]string{
				"questions[2].place": "kies uit: about, helping, meeting",
				"questions[2].type":  "kies uit: text, choice, multi, date",
			},
		},
		"a choice of one, and options of a date": {
			func(f object) {
				in(f, "questions", 0)["options"] = []any{"yes"}
				in(f, "questions", 2)["options"] = []any{"soon"}
				dutch(f, 2)["options"] = object{"soon": "Snel"}
			},
			map[string]string{
				"questions[0].options":             "zet er minstens twee in",
				"questions[0].texts.nl.options.no": "deze keuze bestaat niet",
				"questions[0].texts.en.options.no": "deze keuze bestaat niet",
				"questions[2].options":             "haal dit weg: alleen choice en multi hebben keuzes",
			},
		},
		"an option twice, and the one that is always there": {
			func(f object) {
				in(f, "questions", 1)["options"] = []any{"kombuis", "sluis", "taalhuis", "sluis", "unknown"}
				dutch(f, 1)["options"].(object)["unknown"] = "Geen idee"
			},
			map[string]string{
				"questions[1].options[3]": "sluis komt al eerder voor",
				"questions[1].options[4]": "haal dit weg: ‘weet ik niet’ staat er altijd bij",
			},
		},
		"Dutch that is missing": {
			func(f object) {
				delete(dutch(f, 0), "title")
				dutch(f, 0)["short"] = " "
				delete(dutch(f, 1)["options"].(object), "sluis")
				delete(in(f, "questions", 2, "texts"), "nl")
			},
			map[string]string{
				"questions[0].texts.nl.title":         "vul dit in",
				"questions[0].texts.nl.short":         "vul dit in",
				"questions[1].texts.nl.options.sluis": "vul dit in",
				"questions[2].texts.nl.title":         "vul dit in",
				"questions[2].texts.nl.short":         "vul dit in",
			},
		},
		"a language that the pages do not have": {
			func(f object) {
				f["languages"] = []any{"nl", "en"}
				in(f, "questions", 0, "texts")["pl"] = object{"title": "Łódź?"}
			},
			map[string]string{"questions[0].texts.pl": "zet deze taal ook in languages, of haal hem hier weg"},
		},
		"a translation that says nothing, and one that a page cannot say": {
			func(f object) {
				english := in(f, "questions", 0, "texts", "en")
				english["title"], english["hint"] = " ", "Say {{it}}"
				in(english, "other")["title"] = "\u00a0"
				in(english, "options")["yes"] = "{{"
			},
			map[string]string{
				"questions[0].texts.en.title":       "vul dit in, of haal het weg",
				"questions[0].texts.en.hint":        "zeg het zonder {{",
				"questions[0].texts.en.other.title": "vul dit in, of haal het weg",
				"questions[0].texts.en.options.yes": "zeg het zonder {{",
			},
		},
		"Dutch that is hard to read": {
			func(f object) {
				dutch(f, 0)["title"] = strings.Repeat("woord ", 16) + "?"
				dutch(f, 0)["hint"] = "Dit is optioneel."
			},
			map[string]string{
				"questions[0].texts.nl.title": "een zin heeft 16 woorden, schrijf er hoogstens 15",
				"questions[0].texts.nl.hint":  "zeg het zonder ‘optioneel’",
			},
		},
		"u where the pages say je": {
			func(f object) { dutch(f, 0)["title"] = "Woont u op een boot?" },
			map[string]string{"questions[0].texts.nl.title": "zeg je in plaats van ‘u’, zoals formal zegt"},
		},
		"je where the pages say u": {
			func(f object) {
				f["formal"] = true
				f["questions"] = f["questions"].([]any)[:1]
				delete(dutch(f, 0), "hint")
			},
			map[string]string{"questions[0].texts.nl.title": "zeg u in plaats van ‘je’, zoals formal zegt"},
		},
		"nothing to say to who fills in for somebody else, and je to them": {
			func(f object) { delete(dutch(f, 0), "other"); in(dutch(f, 1), "other")["title"] = "Kom je hier?" },
			map[string]string{
				"questions[0].texts.nl.other.title": "zeg het hier over ‘die persoon’, voor wie het voor een ander invult",
				"questions[0].texts.nl.other.hint":  "zeg het hier over ‘die persoon’, voor wie het voor een ander invult",
				"questions[1].texts.nl.other.title": "zeg het over ‘die persoon’, zonder ‘je’",
			},
		},
		"texts that are too long": {
			func(f object) {
				dutch(f, 0)["title"] = strings.Repeat("Ja. ", 40)
				dutch(f, 0)["options"].(object)["yes"] = strings.Repeat("a", 101)
			},
			map[string]string{
				"questions[0].texts.nl.title":       "gebruik hoogstens 150 tekens",
				"questions[0].texts.nl.options.yes": "gebruik hoogstens 100 tekens",
			},
		},
		"more questions than fit": {
			func(f object) {
				var all []any
				for key := range strings.FieldsSeq("een twee drie vier vijf zes zeven acht negen tien") {
					all = append(all, object{
						"key": key, "place": "about", "type": "text", "texts": object{"nl": object{"title": "Wat?", "short": "Wat"}},
					})
				}
				f["questions"] = all
			},
			map[string]string{"questions": "zet er hoogstens 9 in"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, faultsOf(t, tt.change)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadTellsTheFaultsOfNeighbours(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(file object)
		want   map[string]string
	}{
		"postcodes that an area of ours serves": {
			func(f object) { in(f, "neighbours", 0, "postcodes", 0)["to"] = 9990 },
			map[string]string{"neighbours[0].postcodes[0]": "9980–9990 overlapt met 9990–9993 van noord"},
		},
		"no way to reach them": {
			func(f object) {
				in(f, "neighbours", 0)["url"] = "http://duin.example"
				in(f, "neighbours", 0)["number"] = "bel ons"
			},
			map[string]string{
				"neighbours[0].url":    "vul een webadres in dat met https:// begint",
				"neighbours[0].number": "vul een telefoonnummer in, bijvoorbeeld 0800-2000",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, faultsOf(t, tt.change)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNeighbourOfFindsWhoServesAPostcodeElsewhere(t *testing.T) {
	m := waterstad(t)
	for name, tt := range map[string]struct{ postcode, want string }{
		"next door":        {"9985 AB", "https://samen.duinrand.example/"},
		"our own":          {"9990 AB", ""},
		"nobody we know":   {"1000 AA", ""},
		"no postcode":      {"duin", ""},
		"nothing":          {"", ""},
		"without a letter": {"9989", "https://samen.duinrand.example/"},
	} {
		t.Run(name, func(t *testing.T) {
			n, ok := m.NeighbourOf(tt.postcode)
			if n.URL != tt.want || ok != (tt.want != "") {
				t.Errorf("got %q, %v, want %q", n.URL, ok, tt.want)
			}
		})
	}
}
