package web

import (
	"errors"
	"fmt"

	"voordeur/internal/municipality"
)

// The colours that are the same in every municipality; .tools/style holds them too, and a test compares.
const (
	paper  = "#ffffff"
	quiet  = "#4a5461" // what is not the next step
	border = "#5f6b78" // of inputs
	wrong  = "#a3121a" // what an error says
	ring   = "#0b0c0c" // outer line of the focus ring
)

// pair is two colours that touch on a page, and the contrast they need (WCAG 2.2: 4.5 for text, 3 for shapes).
type pair struct {
	name     string
	over, on string
	least    float64
}

// themePairs returns the twelve pairs that a municipality's colours take part in.
func themePairs(t municipality.Theme) []pair {
	return []pair{
		{"on_primary on primary", t.OnPrimary, t.Primary, 4.5},
		{"primary on paper", t.Primary, paper, 4.5},
		{"primary on surface", t.Primary, t.Surface, 4.5},
		{"paper on primary", paper, t.Primary, 3}, // the edge of the exit button
		{"link on paper", t.Link, paper, 4.5},
		{"link on surface", t.Link, t.Surface, 4.5},
		{"text on paper", t.Text, paper, 4.5},
		{"text on surface", t.Text, t.Surface, 4.5},
		{"quiet on surface", quiet, t.Surface, 4.5},
		{"error on surface", wrong, t.Surface, 4.5},
		{"border on surface", border, t.Surface, 3},
		{"focus on surface", ring, t.Surface, 3},
	}
}

// themeCSS returns a municipality's colours as custom properties, to stand in front of the style sheet. Its error
// joins every colour that is none and every pair that is too close to read.
func themeCSS(t municipality.Theme) (string, error) {
	var faults []error
	for _, c := range []struct{ name, value string }{
		{"primary", t.Primary},
		{"on_primary", t.OnPrimary},
		{"link", t.Link},
		{"text", t.Text},
		{"surface", t.Surface},
	} {
		if _, ok := municipality.Contrast(c.value, paper); !ok {
			faults = append(faults, fmt.Errorf("theme colour %s: %q is not written as #rrggbb", c.name, c.value))
		}
	}
	if len(faults) > 0 {
		return "", errors.Join(faults...)
	}
	for _, p := range themePairs(t) {
		if got, _ := municipality.Contrast(p.over, p.on); got < p.least {
			faults = append(faults, fmt.Errorf("theme: %s is %.2f to 1, needs %.1f", p.name, got, p.least))
		}
	}
	if len(faults) > 0 {
		return "", errors.Join(faults...)
	}
	return fmt.Sprintf(":root{--vd-primary:%s;--vd-on-primary:%s;--vd-link:%s;--vd-text:%s;--vd-surface:%s}\n",
		t.Primary, t.OnPrimary, t.Link, t.Text, t.Surface), nil
}
