package web

import (
	"errors"
	"fmt"

	"voordeur/internal/municipality"
)

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
		if _, ok := municipality.Contrast(c.value, c.value); !ok {
			faults = append(faults, fmt.Errorf("theme colour %s: %q is not written as #rrggbb", c.name, c.value))
		}
	}
	if len(faults) > 0 {
		return "", errors.Join(faults...)
	}
	for _, p := range t.Pairs() {
		if got, _ := municipality.Contrast(p.Over.Value, p.On.Value); got < p.Least {
			faults = append(faults, fmt.Errorf("theme: %s on %s is %.2f to 1, needs %.1f", p.Over.Name, p.On.Name, got, p.Least))
		}
	}
	if len(faults) > 0 {
		return "", errors.Join(faults...)
	}
	return fmt.Sprintf(":root{--vd-primary:%s;--vd-on-primary:%s;--vd-link:%s;--vd-text:%s;--vd-surface:%s}\n",
		t.Primary, t.OnPrimary, t.Link, t.Text, t.Surface), nil
}
