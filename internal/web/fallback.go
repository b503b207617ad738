package web

import (
	"bytes"
	"regexp"
	"strings"
)

// A text that a language lacks is shown in Dutch, and so is a safety text beside its translation. Both must say that
// they are Dutch, or a reader's voice says them as if they were Arabic (WCAG 3.1.2). Texts puts such a text between two
// marks, and the renderer turns the marks into an element with the language, so that no template can forget it. The
// marks are noncharacters, which Unicode keeps for the inside of a program.
const (
	dutchBegins = "\uFDD0"
	dutchEnds   = "\uFDD1"
)

// inDutch marks a text as Dutch, each line for itself: a text may be split into its lines afterwards.
func inDutch(text string) string {
	return dutchBegins + strings.ReplaceAll(text, "\n", dutchEnds+"\n"+dutchBegins) + dutchEnds
}

// spokenIn is the language of a text as a whole, "" for the page's own: for an element that can hold no other, such as a
// title. A title that is Dutch in part says its words alone.
func spokenIn(text string) string {
	if strings.HasPrefix(text, dutchBegins) && strings.HasSuffix(text, dutchEnds) {
		return fallback
	}
	return ""
}

var (
	tagOrMark = regexp.MustCompile(`<[^>]*>|` + dutchBegins + `|` + dutchEnds)
	// textOnly is the beginning of an element that holds no other.
	textOnly = regexp.MustCompile(`^<(title|textarea|option)\b`)
)

// markDutch turns the marks of a rendered page into elements that carry their language. Where no element can stand, in
// an attribute or a title, the marks go.
func markDutch(page []byte) []byte {
	if !bytes.Contains(page, []byte(dutchBegins)) {
		return page
	}
	depth, bare := 0, false // how many marks are open; no element can stand here
	return tagOrMark.ReplaceAllFunc(page, func(found []byte) []byte {
		switch mark := string(found); {
		case mark == dutchBegins && !bare:
			if depth++; depth == 1 {
				return []byte(`<span lang="nl" dir="ltr">`)
			}
		case mark == dutchEnds && depth > 0:
			if depth--; depth == 0 {
				return []byte("</span>")
			}
		case mark != dutchBegins && mark != dutchEnds:
			bare = textOnly.Match(found)
			tag := strings.NewReplacer(dutchBegins, "", dutchEnds, "").Replace(mark)
			if depth > 0 { // somebody typed a mark: it ends where their text does
				depth, tag = 0, "</span>"+tag
			}
			return []byte(tag)
		}
		return nil
	})
}
