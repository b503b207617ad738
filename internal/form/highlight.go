package form

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"voordeur/internal/municipality"
)

// Part is a stretch of a text.
type Part struct {
	Text   string
	Stands bool // it stands out: words to see
}

// Highlight cuts a story where words of the municipality's lists begin and end, as WarnWord finds them. It helps the eye and decides nothing: no fact is made of it, and it is kept nowhere. The
// parts together are the story.
func Highlight(story string, m *municipality.Municipality) []Part {
	words := cut(story)
	stands, goesOn := make([]bool, len(words)), make([]bool, len(words)) // goesOn: the phrase of the word before
	for _, phrase := range slices.Concat(m.WarnWords, m.SeeWords) {
		wanted := strings.Fields(PlainWords(phrase))
		for i := range words {
			if begins(words[i:], wanted) {
				for n := range wanted {
					stands[i+n], goesOn[i+n] = true, goesOn[i+n] || n > 0
				}
			}
		}
	}
	var parts []Part
	at := 0
	for i := 0; i < len(words); i++ {
		if !stands[i] {
			continue
		}
		from := words[i].from
		for i+1 < len(words) && goesOn[i+1] {
			i++
		}
		if from > at {
			parts = append(parts, Part{Text: story[at:from]})
		}
		at = words[i].to
		parts = append(parts, Part{Text: story[from:at], Stands: true})
	}
	if at < len(story) {
		parts = append(parts, Part{Text: story[at:]})
	}
	return parts
}

// begins says whether words begin with those that are wanted; the last may go on.
func begins(words []word, wanted []string) bool {
	if len(wanted) == 0 || len(words) < len(wanted) {
		return false
	}
	last := len(wanted) - 1
	for i, w := range wanted[:last] {
		if words[i].plain != w {
			return false
		}
	}
	return strings.HasPrefix(words[last].plain, wanted[last])
}

// word is a word of a text.
type word struct {
	from, to int    // bytes
	plain    string // as PlainWords has it
}

// cut returns the words of a text, those of PlainWords, with where they stand.
func cut(text string) []word {
	var words []word
	from := -1
	end := func(to int) {
		if plain := PlainWords(text[max(from, 0):to]); from >= 0 && plain != "" {
			words = append(words, word{from, to, plain})
		}
		from = -1
	}
	for i, r := range text {
		switch inWord := strings.IndexFunc(norm.NFD.String(strings.ToLower(string(r))), separates) < 0; {
		case !inWord:
			end(i)
		case from < 0:
			from = i
		}
	}
	end(len(text))
	return words
}

// separates says whether a character stands between words.
func separates(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)
}
