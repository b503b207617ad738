package directory_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"voordeur/internal/directory"
)

func TestACardIsAVCard(t *testing.T) { // G11
	got := directory.VCard{
		Kind: directory.KindPerson, Of: "waterstad/lotte", Name: "Lotte van der Sloot", Organisation: []string{"Gemeente Waterstad", "Team Midden; Zuid"},
		Title: "generalist", Phone: "088 000 2004", Email: "lotte@wijkteam.waterstad.example", Languages: []string{"nl", "pl"},
		Note: "Alle leefgebieden, ook na vijf uur",
	}.String()
	want := strings.Join([]string{
		"BEGIN:VCARD", "VERSION:4.0", "KIND:individual", "UID:urn:uuid:" + uidOf(t, got), "FN:Lotte van der Sloot",
		`ORG:Gemeente Waterstad;Team Midden\; Zuid`, "TITLE:generalist", "TEL;TYPE=work:088 000 2004",
		"EMAIL;TYPE=work:lotte@wijkteam.waterstad.example", "LANG;TYPE=work:nl", "LANG;TYPE=work:pl",
		`NOTE:Alle leefgebieden\, ook na vijf uur`, "END:VCARD", "",
	}, "\r\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func uidOf(t *testing.T, card string) string {
	t.Helper()
	_, uid, ok := strings.Cut(card, "UID:urn:uuid:")
	if !ok {
		t.Fatalf("no UID in %q", card)
	}
	uid, _, _ = strings.Cut(uid, "\r\n")
	return uid
}

func TestACardMadeAgainIsTheSameCard(t *testing.T) {
	uid := func(of, title string) string {
		return uidOf(t, directory.VCard{Kind: directory.KindPerson, Of: of, Name: "Daan", Title: title}.String())
	}
	if uid("waterstad/daan", "generalist") != uid("waterstad/daan", "coördinator") || uid("waterstad/daan", "") == uid("duinrand/daan", "") {
		t.Error("the UID changes with the card, or is that of somebody else")
	}
}

// Whatever stands in a card: one line for each property, none over 75 bytes, and what is read back is what was written.
func TestNothingInACardBreaksOutOfItsLine(t *testing.T) { // threat:T08 //threat:T13
	for name, text := range map[string]string{
		"another property":           "Daan\r\nTEL:112",
		"the end of the card":        "Daan\nEND:VCARD",
		"a carriage return alone":    "Daan\rTEL:112",
		"a line separator":           "Daan\u2028TEL:112",
		"marks that part":            `a;b,c\d:e"f`,
		"a backslash before a break": "a\\\nb",
		"a long word":                strings.Repeat("é", 200),
		"a sign of four bytes":       strings.Repeat("𝒜", 60),
		"control characters":         "Da\x00an\x1b[31m",
		"what is no text":            "Da\xffan",
	} {
		t.Run(name, func(t *testing.T) { holdsTogether(t, text) })
	}
	rapid.Check(t, func(r *rapid.T) { holdsTogether(r, rapid.String().Draw(r, "text")) })
}

func holdsTogether(t rapid.TB, text string) {
	t.Helper()
	card := directory.VCard{
		Kind: directory.KindPerson, Of: text, Name: text, Organisation: []string{text, text}, Title: text, Phone: text, Email: text,
		Languages: []string{text}, Note: text,
	}.String()
	for line := range strings.SplitSeq(card, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line is %d bytes, or no line: %q", len(line), line)
		}
	}
	known := []string{"BEGIN", "VERSION", "KIND", "UID", "FN", "ORG", "TITLE", "TEL;TYPE=work", "EMAIL;TYPE=work", "LANG;TYPE=work", "NOTE", "END"}
	var found []string
	for line := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(card, "\r\n ", ""), "\r\n"), "\r\n") {
		property, value, _ := strings.Cut(line, ":")
		found = append(found, property)
		if !slices.Contains(known, property) {
			t.Errorf("a property %q", property)
		}
		if property == "NOTE" {
			if want := plainText(text); unescaped(value) != want {
				t.Errorf("read back %q, want %q", unescaped(value), want)
			}
		}
	}
	if plainText(text) != "" && !slices.Equal(found, known) {
		t.Errorf("properties are %v", found)
	}
}

// plainText is what may be left of a text: line breaks as \n, no other control characters.
func plainText(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		if r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0) {
			return -1
		}
		return r
	}, text)
}

func unescaped(value string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\,`, ",", `\;`, ";").Replace(value)
}
