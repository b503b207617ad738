package form

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"voordeur/internal/municipality"
)

// WarnWord says whether the story holds a word of the municipality's list, whole or as the start of a longer word, in
// any case and with or without accents. It only decides whether call_today is asked; which word it was is kept nowhere.
func WarnWord(a Answers, m *municipality.Municipality) bool {
	story := " " + PlainWords(a.One("story"))
	for _, word := range m.WarnWords {
		if word = PlainWords(word); word != "" && strings.Contains(story, " "+word) {
			return true
		}
	}
	return false
}

// PlainWords returns the words of a text in lower case without accents, one space between them, to compare them by.
func PlainWords(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	between := false
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if between && b.Len() > 0 {
				b.WriteByte(' ')
			}
			between = false
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r):
			between = true
		}
	}
	return b.String()
}
