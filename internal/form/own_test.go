package form

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"voordeur/internal/municipality"
)

// withOwn returns the municipality of context with a question of each type of its own.
func withOwn() *municipality.Municipality {
	m := *context(Full).Municipality
	m.Questions = []municipality.Question{
		{Key: "boat", Place: "about", Type: "choice", Options: []string{"yes", "no"}},
		{Key: "club", Place: "helping", Type: "text"},
		{Key: "away", Place: "meeting", Type: "date"},
		{Key: "places", Place: "about", Type: "multi", Options: []string{"sluis", "kombuis"}},
	}
	return &m
}

func TestOwnQuestionsStandAtTheirPlacesAndTheCoreStays(t *testing.T) {
	var own, core []Page
	var after []string
	for i, p := range Of(withOwn()).Pages {
		if len(p.Questions) == 0 || !p.Questions[0].IsOwn() {
			core = append(core, p)
			continue
		}
		own = append(own, p)
		after = append(after, Of(withOwn()).Pages[i-1].ID)
	}
	if diff := cmp.Diff(Core().Pages, core); diff != "" {
		t.Errorf("core pages (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"28", "81", "43", "65"}, after); diff != "" {
		t.Errorf("they come after (-want +got):\n%s", diff)
	}
	want := []Page{
		{ID: "81", Section: 2, Paths: []Path{Full}, Questions: []Question{{Key: "own_boat", Type: Choice, Options: []string{"yes", "no", Unknown}}}},
		{ID: "84", Section: 2, Paths: []Path{Full}, Questions: []Question{{Key: "own_places", Type: Multi, Options: []string{"sluis", "kombuis", Unknown}}}},
		{ID: "82", Section: 4, Paths: []Path{Full}, Questions: []Question{{Key: "own_club", Type: Line}}},
		{ID: "83", Section: 6, Paths: []Path{Full}, Questions: []Question{{Key: "own_away", Type: Date}}},
	}
	if diff := cmp.Diff(want, own); diff != "" {
		t.Errorf("own pages (-want +got):\n%s", diff)
	}
}

// No key, field or page of the core form can be taken by an own question, whatever it is called.
func TestOwnQuestionsClashWithNothing(t *testing.T) {
	var keys []string
	for _, p := range Core().Pages {
		for _, q := range p.Questions {
			keys = append(keys, q.Key)
		}
		if strings.HasPrefix(p.ID, "8") {
			t.Errorf("page %s of the core form has the number of an own one", p.ID)
		}
	}
	for _, key := range keys {
		if strings.HasPrefix(key, ownPrefix) {
			t.Errorf("the core form asks %s", key)
		}
		taken := OwnKey(key)
		if slices.Contains(keys, taken) {
			t.Errorf("%s is there twice", taken)
		}
	}
}

func TestOwnAnswersHaveTheLimitsOfTheirType(t *testing.T) {
	c := context(Full)
	c.Municipality = withOwn()
	d := Of(c.Municipality)
	for name, tt := range map[string]struct {
		page string
		in   url.Values
		want Code
	}{
		"nothing":                 {"81", nil, ""},
		"a choice":                {"81", url.Values{"own_boat": {"no"}}, ""},
		"no choice of ours":       {"81", url.Values{"own_boat": {"maybe"}}, CodeChoice},
		"do not know":             {"81", url.Values{"own_boat": {"unknown"}}, ""},
		"some":                    {"84", url.Values{"own_places": {"sluis", "kombuis"}}, ""},
		"some, and do not know":   {"84", url.Values{"own_places": {"sluis", "unknown"}}, CodeAlone},
		"text":                    {"82", url.Values{"own_club": {strings.Repeat("é", 200)}}, ""},
		"too much text":           {"82", url.Values{"own_club": {strings.Repeat("é", 201)}}, CodeTooLong},
		"text with a line break":  {"82", url.Values{"own_club": {"een\ntwee"}}, CodeCharacters},
		"a date":                  {"83", url.Values{"own_away.day": {"3"}, "own_away.month": {"12"}, "own_away.year": {"2026"}}, ""},
		"half a date":             {"83", url.Values{"own_away.day": {"3"}}, CodeDateIncomplete},
		"a date that is not real": {"83", url.Values{"own_away.day": {"31"}, "own_away.month": {"2"}, "own_away.year": {"2026"}}, CodeDate},
	} {
		t.Run(name, func(t *testing.T) {
			p, ok := d.Ask(tt.page, nil, c)
			if !ok {
				t.Fatal("the page is not asked")
			}
			var got Code
			for _, problem := range d.Check(p, Answers{}.Merge(p, p.Parse(tt.in)), c) {
				got = problem.Code
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestOwnQuestionsAreNotOnTheShortWay(t *testing.T) {
	c := context(CallMe)
	c.Municipality = withOwn()
	for _, p := range Of(c.Municipality).Visible(nil, c) {
		if len(p.Questions) > 0 && p.Questions[0].IsOwn() {
			t.Errorf("page %s is asked", p.ID)
		}
	}
}

func TestTheHashNamesTheFormAsAsked(t *testing.T) {
	base := Asked{Definition: Of(withOwn()), Texts: map[string]string{"q.goal.title": "Wat moet er beter zijn?", "a": "b"}}
	again := Asked{Definition: Of(withOwn()), Texts: map[string]string{"a": "b", "q.goal.title": "Wat moet er beter zijn?"}}
	if base.Hash() != again.Hash() || len(base.Hash()) != 32 {
		t.Errorf("the same form is %s and %s", base.Hash(), again.Hash())
	}
	other := again
	other.Texts = map[string]string{"a": "b", "q.goal.title": "Wat wil je?"}
	if other.Hash() == base.Hash() {
		t.Error("other words have the same hash")
	}
	if other = base; other.Hash() != base.Hash() {
		t.Error("a copy has another hash")
	}
	other.Definition = Core()
	if other.Hash() == base.Hash() {
		t.Error("other questions have the same hash")
	}
}

// What is kept is read as it was written, and asks and checks as it did.
func TestAKeptFormIsTheForm(t *testing.T) {
	kept := Asked{Definition: Of(withOwn()), Texts: map[string]string{"q.goal.title": "Wat?"}}
	read, err := DecodeAsked(kept.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(kept, read); diff != "" || read.Hash() != kept.Hash() {
		t.Errorf("form (-kept +read):\n%s", diff)
	}
	rapid.Check(t, func(t *rapid.T) {
		a, c := anyAnswers(t), anyContext(t)
		if diff := cmp.Diff(kept.Definition.Visible(a, c), read.Definition.Visible(a, c)); diff != "" {
			t.Fatalf("visible (-kept +read):\n%s", diff)
		}
	})
	if _, err := DecodeAsked([]byte("[]")); err == nil {
		t.Error("what is no form was read")
	}
}
