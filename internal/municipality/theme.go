package municipality

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Colour is one of a page's colours.
type Colour struct {
	Name  string // of the theme's field, or of a colour that is the same in every municipality
	Dutch string // what the file's readers call the latter, "" for a field of the theme
	Value string // #rrggbb
}

// The colours that are the same in every municipality; .tools/style holds them too, and a test compares.
const (
	white  = "#ffffff"
	quiet  = "#4a5461" // what is not the next step
	border = "#5f6b78" // of inputs
	wrong  = "#a3121a" // what an error says
	ring   = "#0b0c0c" // outer line of the focus ring
)

// ColourPair is two colours that touch on a page, and the contrast they need (WCAG 2.2: 4.5 for text, 3 for shapes).
type ColourPair struct {
	Over, On Colour
	Least    float64
}

// Pairs returns the twelve pairs that a municipality's colours take part in.
func (t Theme) Pairs() []ColourPair {
	primary, onPrimary := Colour{"primary", "", t.Primary}, Colour{"on_primary", "", t.OnPrimary}
	link, text, surface := Colour{"link", "", t.Link}, Colour{"text", "", t.Text}, Colour{"surface", "", t.Surface}
	paper := Colour{"paper", "wit", white}
	const words, shape = 4.5, 3
	return []ColourPair{
		{onPrimary, primary, words},
		{primary, surface, words},
		{primary, paper, words},
		{paper, primary, shape}, // the edge of the exit button
		{link, surface, words},
		{link, paper, words},
		{text, surface, words},
		{text, paper, words},
		{Colour{"quiet", "de grijze tekst", quiet}, surface, words},
		{Colour{"error", "de tekst van een fout", wrong}, surface, words},
		{Colour{"border", "de rand van een invulvak", border}, surface, shape},
		{Colour{"focus", "de rand om wat gekozen is", ring}, surface, shape},
	}
}

// field is the field of the theme that the pair is put right with.
func (p ColourPair) field() string {
	if p.Over.Dutch == "" {
		return p.Over.Name
	}
	return p.On.Name
}

// contrastFaults names each pair that is too close to read, of a field the first: what is put right for it is looked at
// again.
func contrastFaults(t Theme) Faults {
	var faults Faults
	for _, p := range t.Pairs() {
		place := "theme." + p.field()
		named := slices.ContainsFunc(faults, func(f Fault) bool { return f.Place == place })
		if ratio, ok := Contrast(p.Over.Value, p.On.Value); ok && ratio < p.Least && !named {
			faults = append(faults, Fault{place, fmt.Sprintf("te weinig contrast tussen %s en %s: %s, nodig is %s",
				cmp.Or(p.Over.Dutch, p.Over.Name), cmp.Or(p.On.Dutch, p.On.Name), decimals(ratio, 2), decimals(p.Least, 1))})
		}
	}
	return faults
}

// decimals writes a number as Dutch does, rounded down, so that what is refused never reads as what is asked.
func decimals(n float64, digits int) string {
	unit := math.Pow10(digits)
	return strings.Replace(strconv.FormatFloat(math.Floor(n*unit)/unit, 'f', digits, 64), ".", ",", 1)
}
