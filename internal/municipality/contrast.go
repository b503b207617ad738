package municipality

import (
	"math"
	"strconv"
)

// Contrast returns the WCAG 2.2 contrast ratio of two colours written as #rrggbb, from 1 to 21; ok is false when one of
// them is not a colour.
func Contrast(a, b string) (ratio float64, ok bool) {
	la, okA := luminance(a)
	lb, okB := luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05), okA && okB
}

// luminance returns the relative luminance of a colour, from 0 for black to 1 for white.
func luminance(colour string) (light float64, ok bool) {
	if len(colour) != len("#rrggbb") || colour[0] != '#' {
		return 0, false
	}
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 0, false
		}
		light += weight * linear(float64(v)/255)
	}
	return light, true
}

func linear(channel float64) float64 {
	if channel <= 0.04045 {
		return channel / 12.92
	}
	return math.Pow((channel+0.055)/1.055, 2.4)
}
