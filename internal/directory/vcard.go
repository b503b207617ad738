package directory

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// VCard is a card as a telephone takes it: vCard 4.0 (RFC 6350). What is empty is left out; a name it has always.
type VCard struct {
	Kind         VCardKind
	Of           string // what the card is of, the same each time it is made: a second import replaces the first
	Name         string
	Organisation []string // from the whole to the part: municipality, team
	Title        string
	Phone        string // as people write it
	Email        string
	Languages    []string // BCP 47
	Note         string
}

// VCardKind says whom a card is of.
type VCardKind string

// The kinds.
const (
	KindPerson       VCardKind = "individual"
	KindOrganisation VCardKind = "org"
)

// String is the card with its lines folded at 75 bytes, each ended by CRLF.
func (v VCard) String() string {
	var b strings.Builder
	line := func(property, value string) {
		if value != "" {
			b.WriteString(folded(property + ":" + value))
		}
	}
	line("BEGIN", "VCARD")
	line("VERSION", "4.0")
	line("KIND", string(v.Kind))
	line("UID", "urn:uuid:"+uuid("card of "+v.Of))
	line("FN", escaped(v.Name))
	organisation := make([]string, 0, len(v.Organisation))
	for _, part := range v.Organisation {
		organisation = append(organisation, escaped(part))
	}
	line("ORG", strings.Join(organisation, ";"))
	line("TITLE", escaped(v.Title))
	line("TEL;TYPE=work", escaped(v.Phone))
	line("EMAIL;TYPE=work", escaped(v.Email))
	for _, language := range v.Languages {
		line("LANG;TYPE=work", escaped(language))
	}
	line("NOTE", escaped(v.Note))
	line("END", "VCARD")
	return b.String()
}

// escaped is a text as a value: on one line, with what would end it or part it marked.
func escaped(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(text, "\uFFFD"))
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, text)
	return strings.NewReplacer(`\`, `\\`, ",", `\,`, ";", `\;`, "\n", `\n`).Replace(text)
}

// folded is a line with its CRLF, cut between characters so that no part is over 75 bytes.
func folded(line string) string {
	const most = 75 // bytes, the space in front of a further part included
	var b strings.Builder
	length := 0
	for _, r := range line {
		if size := utf8.RuneLen(r); length+size > most {
			b.WriteString("\r\n ")
			length = 1
		}
		b.WriteRune(r)
		length += utf8.RuneLen(r)
	}
	return b.String() + "\r\n"
}
