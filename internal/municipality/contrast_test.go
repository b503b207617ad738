package municipality_test

import (
	"math"
	"testing"

	"voordeur/internal/municipality"
)

func TestContrastIsThatOfWCAG(t *testing.T) {
	for name, tt := range map[string]struct {
		a, b string
		want float64
	}{
		"black on white":            {"#000000", "#ffffff", 21},
		"white on black":            {"#ffffff", "#000000", 21},
		"a colour on itself":        {"#5f6b78", "#5f6b78", 1},
		"grey just readable":        {"#767676", "#ffffff", 4.54},
		"red on white, as reported": {"#ff0000", "#ffffff", 4.00},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := municipality.Contrast(tt.a, tt.b); !ok || math.Abs(got-tt.want) > 0.005 {
				t.Errorf("got %.3f, %t; want %.2f", got, ok, tt.want)
			}
		})
	}
}
