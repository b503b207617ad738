package web

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

const ownStyle = "../../.tools/style/own.css"

// declarations returns the property and value of every declaration in our own style sheet.
func declarations(t *testing.T) [][2]string {
	t.Helper()
	css := regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(readStyle(t, ownStyle), "")
	var all [][2]string
	for _, m := range regexp.MustCompile(`(?m)^\s*([a-z-]+):\s*([^;{}]+);`).FindAllStringSubmatch(css, -1) {
		all = append(all, [2]string{m[1], m[2]})
	}
	if len(all) < 200 {
		t.Fatalf("found %d declarations, want the whole sheet", len(all))
	}
	return all
}

func TestStyleKeepsToItsSpacingScale(t *testing.T) {
	spacing := regexp.MustCompile(`^(margin|padding|gap|row-gap|column-gap)`)
	length := regexp.MustCompile(`-?\d*\.?\d+[a-z%]+`)
	scale := []string{"4px", "8px", "16px", "24px", "40px", "64px"}
	for _, d := range declarations(t) {
		if !spacing.MatchString(d[0]) {
			continue
		}
		for _, got := range length.FindAllString(d[1], -1) {
			if !slices.Contains(scale, strings.TrimPrefix(got, "-")) {
				t.Errorf("%s: %s, want one of %v", d[0], d[1], scale)
			}
		}
	}
}

func TestStyleKeepsToFiveSizesOfText(t *testing.T) {
	sizes := []string{"inherit", "1rem", "1.125rem", "1.25rem", "1.5rem", "1.875rem", "12pt"}
	for _, d := range declarations(t) {
		if d[0] == "font-size" && !slices.Contains(sizes, d[1]) {
			t.Errorf("font-size: got %s, want one of %v", d[1], sizes)
		}
	}
}

func TestStyleIsLogical(t *testing.T) { //ux:18
	physical := regexp.MustCompile(`^(width|height|(min|max)-(width|height)|left|right|top|bottom|float|` +
		`(margin|padding|border|inset)-(left|right|top|bottom).*|border-(top|bottom)-(left|right)-radius)$`)
	sides := regexp.MustCompile(`^(margin|padding|inset|border-radius)$`)
	for _, d := range declarations(t) {
		if physical.MatchString(d[0]) || d[0] == "text-align" && (d[1] == "left" || d[1] == "right") {
			t.Errorf("%s: %s turns the wrong way in Arabic", d[0], d[1])
		}
		if four := strings.Fields(d[1]); sides.MatchString(d[0]) && len(four) == 4 && four[1] != four[3] {
			t.Errorf("%s: %s names left and right apart", d[0], d[1])
		}
	}
}

// What the libraries bring is in the built sheet.
func TestTheBuiltStyleIsLogical(t *testing.T) { //ux:18
	physical := regexp.MustCompile(`[{;](left|right|float|(margin|padding|border|inset)-(left|right)[a-z-]*|border-(top|bottom)-(left|right)-radius|` +
		`text-align:(left|right))\b[^;}]*`)
	if found := physical.FindAllString(readStyle(t, "static/style.css"), -1); len(found) > 0 {
		t.Errorf("it holds %q", found)
	}
}

func TestStyleFetchesNothing(t *testing.T) { //ux:03
	for _, word := range []string{"url(", "@import", "http"} {
		if strings.Contains(readStyle(t, "static/style.css"), word) {
			t.Errorf("style sheet holds %q", word)
		}
	}
}

func TestStyleKeepsTheTrapsOut(t *testing.T) {
	if strings.Contains(readStyle(t, "static/style.css"), "order:5") {
		t.Error(".utrecht-form-field__input{order:5} pushes radio buttons aside")
	}
	if strings.Contains(readStyle(t, "static/style.css"), "--basis-") {
		t.Error("design tokens travel instead of being filled in")
	}
}
