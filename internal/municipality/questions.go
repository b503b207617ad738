package municipality

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Question is one of the municipality's own questions. It stands on a page of its own at one of the marked places of the
// whole form; the core form's questions stay as they are, and nobody has to answer it.
type Question struct {
	Key     string                   `json:"key" validate:"required,answer,max=20"` // of the answer, after "own_"
	Place   string                   `json:"place" validate:"oneof=about helping meeting"`
	Type    string                   `json:"type" validate:"oneof=text choice multi date"`
	Options []string                 `json:"options,omitempty" validate:"max=12,dive,answer,max=20"` // of choice and multi
	Texts   map[string]QuestionTexts `json:"texts" validate:"dive,keys,oneof=nl en ar tr uk pl ti so,endkeys"`
}

// QuestionTexts is what a question says in one language. In Dutch it says all of it, as the municipality addresses
// residents; what another language leaves out is said in Dutch.
type QuestionTexts struct {
	Title   string            `json:"title,omitempty" validate:"max=150"`
	Short   string            `json:"short,omitempty" validate:"max=60"` // beside the answer
	Hint    string            `json:"hint,omitempty" validate:"max=200"`
	Options map[string]string `json:"options,omitempty" validate:"dive,max=100"` // by option
	Other   OtherTexts        `json:"other,omitzero"`
}

// OtherTexts is what a question says to who fills in for somebody else, where that is not the same. It is about that
// person.
type OtherTexts struct {
	Title string `json:"title,omitempty" validate:"max=150"`
	Short string `json:"short,omitempty" validate:"max=60"`
	Hint  string `json:"hint,omitempty" validate:"max=200"`
}

// unknownOption is what the form offers by itself, in its own words.
const unknownOption = "unknown"

// questionFaults checks the municipality's own questions.
func questionFaults(m *Municipality) Faults {
	keys := make([]string, len(m.Questions))
	var faults Faults
	for i, q := range m.Questions {
		keys[i] = q.Key
		at := fmt.Sprintf("questions[%d]", i)
		faults = append(faults, optionFaults(at, q)...)
		faults = append(faults, textFaults(at+".texts", q, m)...)
	}
	return append(repeated("questions[%d].key", keys), faults...)
}

// optionFaults wants options where something is chosen, and nowhere else.
func optionFaults(at string, q Question) Faults {
	const fewest = 2
	choice := q.Type == "choice" || q.Type == "multi"
	var faults Faults
	switch {
	case choice && len(q.Options) < fewest:
		faults = append(faults, Fault{at + ".options", "zet er minstens twee in"})
	case !choice && len(q.Options) > 0:
		faults = append(faults, Fault{at + ".options", "haal dit weg: alleen choice en multi hebben keuzes"})
	}
	for i, o := range q.Options {
		if o == unknownOption {
			faults = append(faults, Fault{fmt.Sprintf("%s.options[%d]", at, i), "haal dit weg: ‘weet ik niet’ staat er altijd bij"})
		}
	}
	return append(faults, repeated(at+".options[%d]", q.Options)...)
}

// textFaults wants all texts in Dutch, easy to read, and no text for what is not there.
func textFaults(at string, q Question, m *Municipality) Faults {
	var faults Faults
	empty := func(field, text string) {
		if strings.TrimSpace(text) == "" {
			faults = append(faults, Fault{field, "vul dit in"})
		}
	}
	dutch := q.Texts["nl"]
	empty(at+".nl.title", dutch.Title)
	empty(at+".nl.short", dutch.Short)
	for _, o := range q.Options {
		empty(at+".nl.options."+o, dutch.Options[o])
	}
	for _, lang := range m.Languages {
		texts := q.Texts[lang]
		for _, o := range slices.Sorted(maps.Keys(texts.Options)) {
			if !slices.Contains(q.Options, o) {
				faults = append(faults, Fault{at + "." + lang + ".options." + o, "deze keuze bestaat niet"})
			}
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(q.Texts)) {
		if lang == "nl" {
			continue
		}
		if !slices.Contains(m.Languages, lang) {
			faults = append(faults, Fault{at + "." + lang, "zet deze taal ook in languages, of haal hem hier weg"})
		}
		faults = append(faults, emptyFaults(at+"."+lang, q.Texts[lang])...)
	}
	for _, said := range []struct{ field, text, other string }{
		{"title", dutch.Title, dutch.Other.Title}, {"short", dutch.Short, dutch.Other.Short}, {"hint", dutch.Hint, dutch.Other.Hint},
	} {
		faults = append(faults, hardFaults(at+".nl."+said.field, said.text, m.Formal)...)
		faults = append(faults, otherFaults(at+".nl.other."+said.field, said.text, said.other, m.Formal)...)
	}
	for _, o := range slices.Sorted(maps.Keys(dutch.Options)) {
		faults = append(faults, hardFaults(at+".nl.options."+o, dutch.Options[o], m.Formal)...)
	}
	return faults
}

// emptyFaults tells what a translation says nothing with: what it leaves out is said in Dutch, and what stands there is
// said as it stands.
func emptyFaults(at string, q QuestionTexts) Faults {
	said := map[string]string{
		"title": q.Title, "short": q.Short, "hint": q.Hint,
		"other.title": q.Other.Title, "other.short": q.Other.Short, "other.hint": q.Other.Hint,
	}
	for o, text := range q.Options {
		said["options."+o] = text
	}
	var faults Faults
	for _, field := range slices.Sorted(maps.Keys(said)) {
		switch text := said[field]; {
		case text != "" && strings.TrimSpace(text) == "":
			faults = append(faults, Fault{at + "." + field, "vul dit in, of haal het weg"})
		case strings.Contains(text, "{{"):
			faults = append(faults, Fault{at + "." + field, "zeg het zonder {{"})
		}
	}
	return faults
}

// otherFaults wants what addresses the resident in words about somebody else too, which address nobody.
func otherFaults(at, text, other string, formal bool) Faults {
	switch {
	case other == "" && saying(text, toYou) != "":
		return Faults{{at, "zeg het hier over ‘die persoon’, voor wie het voor een ander invult"}}
	case saying(other, toYou) != "":
		return Faults{{at, "zeg het over ‘die persoon’, zonder ‘" + saying(other, toYou) + "’"}}
	}
	return hardFaults(at, other, formal)
}

// The words that address a resident, with je and with u.
const (
	informal = "je|jij|jou|jouw|jezelf|jullie"
	polite   = "u|uw|uzelf"
	toYou    = informal + "|" + polite
)

// saying returns the first of the words that a text says, "" for none.
func saying(text, words string) string {
	return regexp.MustCompile(`(?i)\b(` + words + `)\b`).FindString(text)
}

// mostWords is how long a sentence for residents may be.
const mostWords = 15

// hardFaults tells what makes a Dutch text hard to read, or address a resident in another way than the other texts do.
func hardFaults(at, text string, formal bool) Faults {
	var faults Faults
	for _, sentence := range regexp.MustCompile(`[.!?]+(\s|$)|\n`).Split(text, -1) {
		if n := len(strings.Fields(sentence)); n > mostWords {
			faults = append(faults, Fault{at, fmt.Sprintf("een zin heeft %d woorden, schrijf er hoogstens %d", n, mostWords)})
		}
	}
	if word := saying(text, "optioneel|verplicht veld|ongeldig"); word != "" {
		faults = append(faults, Fault{at, "zeg het zonder ‘" + word + "’"})
	}
	if strings.Contains(text, "{{") {
		faults = append(faults, Fault{at, "zeg het zonder {{"})
	}
	if word := saying(text, informal); formal && word != "" {
		faults = append(faults, Fault{at, "zeg u in plaats van ‘" + word + "’, zoals formal zegt"})
	}
	if word := saying(text, polite); !formal && word != "" {
		faults = append(faults, Fault{at, "zeg je in plaats van ‘" + word + "’, zoals formal zegt"})
	}
	return faults
}
