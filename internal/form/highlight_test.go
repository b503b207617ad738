package form_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

func TestWordsToSeeStandOut(t *testing.T) { // D7
	m := &municipality.Municipality{
		WarnWords: []string{"mes", "zelfmoord", "dood maken"}, SeeWords: []string{"kind", "huis uit"},
	}
	for name, tt := range map[string]struct {
		story string
		want  string // with the parts that stand out in brackets
	}{
		"a word of the list":                  {"Hij heeft een mes.", "Hij heeft een [mes]."},
		"in capitals, with a mark behind it":  {"MES! Echt.", "[MES]! Echt."},
		"as the beginning of a longer word":   {"de messenset", "de [messenset]"},
		"not inside another word":             {"We komen vermest thuis", "We komen vermest thuis"},
		"with accents":                        {"zélfmóórd", "[zélfmóórd]"},
		"with accents of their own":           {"ze\u0301lfmoord", "[ze\u0301lfmoord]"},
		"two words over a line break":         {"mij dood\nmaken, zegt hij", "mij [dood\nmaken], zegt hij"},
		"half of two words":                   {"Hij is dood.", "Hij is dood."},
		"a child":                             {"Mijn kinderen eten niet", "Mijn [kinderen] eten niet"},
		"losing a home":                       {"We moeten het huis uit.", "We moeten het [huis uit]."},
		"at both ends":                        {"mes, mes", "[mes], [mes]"},
		"a word of nobody's list":             {"De deurwaarder belt.", "De deurwaarder belt."},
		"nothing to see":                      {"De huur loopt op.", "De huur loopt op."},
		"no story":                            {"", ""},
		"what looks like a page stays a text": {"<b>mes</b>", "<b>[mes]</b>"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, bracketed(form.Highlight(tt.story, m))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func bracketed(parts []form.Part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Stands {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// Nothing of a story is lost or added, and what WarnWord hears stands out: the two find the same words.
func TestHighlightKeepsTheStoryAndFindsWhatWarnWordHears(t *testing.T) {
	bits := []string{"qa", "qá", "qa\u0301", "qab", "Q", " ", ". ", "\n", "b", "‑", "\u0301", "ß", "é", "İ", "ﬁ", "한", "ا", "٣"}
	rapid.Check(t, func(r *rapid.T) {
		text := func(label string) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(bits), 0, 12).Draw(r, label), "")
		}
		story, m := text("story"), &municipality.Municipality{WarnWords: []string{text("word")}}
		var whole strings.Builder
		stands := false
		for _, p := range form.Highlight(story, m) {
			whole.WriteString(p.Text)
			stands = stands || p.Stands
			if p.Text == "" {
				r.Errorf("an empty part of %q", story)
			}
		}
		if whole.String() != story {
			r.Errorf("%q became %q", story, whole.String())
		}
		if hears := form.WarnWord(form.Answers{"story": {story}}, m); hears != stands {
			r.Errorf("WarnWord hears %q in %q: %t, and it stands out: %t", m.WarnWords[0], story, hears, stands)
		}
	})
}
