package form

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxFields is how many fields of one submitted form are considered, and of one field how many values (T12).
const MaxFields = 200

// named is the choice that a people question's rows make by themselves: who fills in a row has named somebody.
const named = "named"

// Parse reads one page's fields from a submitted form, normalised (NFC, trimmed, line breaks as \n). It takes only
// fields of questions on the page, and each of them is present in what it returns, since each was asked. It judges
// nothing: Check does.
func (p Page) Parse(values url.Values) Answers {
	a := Answers{}
	for _, q := range p.Questions {
		for _, field := range q.Fields() {
			a[field] = q.normalised(values[field])
		}
	}
	for _, q := range p.Questions {
		if q.Type == Choice && slices.Contains(q.Options, named) {
			a.nameHelpers(q.Key)
		}
	}
	return a
}

// nameHelpers makes the choice beside the rows say the same as the rows: somebody named counts, whatever was ticked
// too; nobody named and nothing else ticked is a question skipped.
func (a Answers) nameHelpers(key string) {
	switch {
	case len(a.People(key)) > 0:
		a[key] = []string{named}
	case a.Has(key, named):
		a[key] = []string{}
	}
}

// normalised returns the values that say something: the first one, or for a question of many values each once.
func (q Question) normalised(values []string) []string {
	out := []string{}
	for _, value := range values[:min(len(values), MaxFields)] {
		if value = q.Type.normal(value); value != "" && !slices.Contains(out, value) {
			out = append(out, value)
		}
	}
	if q.Type != Multi && q.Type != PickHelps {
		out = out[:min(len(out), 1)]
	}
	return out
}

func (t Type) normal(s string) string {
	s = normalText(s)
	switch t {
	case Postcode:
		if postcode, ok := DutchPostcode(s); ok {
			return postcode
		}
	case Date, Number, Year, Phone, Email, Short: // a worker dials, writes to and rings at what stands here
		return LatinDigits(s)
	case Name, Line, Story, Choice, Multi, People, PickHelps, Confirm:
	}
	return s
}

// lineBreaks are the ways to break a line, as the one that counts, and tabs as spaces. The rarer ones come along with what
// is pasted out of a letter, where nobody sees them.
//
//nolint:gochecknoglobals // a table, never changed
var lineBreaks = strings.NewReplacer(
	"\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ")

// normalText brings a text into one form: valid UTF-8, line breaks as \n, tabs as spaces, no invisible characters that
// turn or hide what stands around them (T13), NFC, trimmed. Letters of every script stay, and the joiners they need.
func normalText(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = lineBreaks.Replace(s)
	s = strings.Map(func(r rune) rune {
		if unicode.Is(tricks, r) {
			return -1
		}
		return r
	}, s)
	return strings.TrimFunc(norm.NFC.String(s), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(joiners, r)
	})
}

// tricks are characters without a sign of their own that reorder or hide text: soft hyphen, zero-width space, word
// joiner, byte order mark, and the embeddings, overrides and isolates of the bidirectional algorithm.
//
//nolint:gochecknoglobals // a table, never changed
var tricks = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00AD, Hi: 0x00AD, Stride: 1},
		{Lo: 0x200B, Hi: 0x200B, Stride: 1},
		{Lo: 0x202A, Hi: 0x202E, Stride: 1},
		{Lo: 0x2060, Hi: 0x2060, Stride: 1},
		{Lo: 0x2066, Hi: 0x2069, Stride: 1},
		{Lo: 0xFEFF, Hi: 0xFEFF, Stride: 1},
	},
	LatinOffset: 1,
}

// joiners are needed inside words and between scripts, but say nothing at either end: the Arabic letter mark, the
// zero-width joiners, the left-to-right and right-to-left marks.
//
//nolint:gochecknoglobals // a table, never changed
var joiners = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x061C, Hi: 0x061C, Stride: 1},
		{Lo: 0x200C, Hi: 0x200F, Stride: 1},
	},
}

// LatinDigits writes the digits of Arabic and Persian keyboards as 0–9.
func LatinDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return '0' + r - '٠'
		case r >= '۰' && r <= '۹':
			return '0' + r - '۰'
		}
		return r
	}, s)
}
