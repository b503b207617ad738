package form

import "strings"

// The lengths of telephone numbers, in digits.
const (
	dutchDigits   = 10 // with the leading 0
	minDialDigits = 8  // abroad, country code included
	maxDialDigits = 15 // E.164
)

// DialPhone returns a telephone number as it is dialled, "+31612345678". It takes Dutch numbers and numbers with + or
// 00, with spaces, dashes, dots, slashes and parentheses anywhere, and with the marks of direction that a telephone
// copies along; ok is false for anything else.
func DialPhone(s string) (number string, ok bool) {
	digits, abroad, ok := phoneDigits(s)
	switch {
	case !ok:
		return "", false
	case abroad && strings.HasPrefix(digits, "31"):
		digits = "0" + strings.TrimPrefix(digits[2:], "0")
	case abroad:
		if len(digits) < minDialDigits || len(digits) > maxDialDigits || digits[0] == '0' {
			return "", false
		}
		return "+" + digits, true
	}
	if len(digits) != dutchDigits || digits[0] != '0' || digits[1] == '0' {
		return "", false
	}
	return "+31" + digits[1:], true
}

// phoneDigits strips what people write between digits. abroad says that a country code is in front.
func phoneDigits(s string) (digits string, abroad, ok bool) {
	s = strings.TrimLeft(LatinDigits(strings.TrimSpace(s)), "(\u200E\u200F") // (+31) 6 …
	if rest, plus := strings.CutPrefix(s, "+"); plus {
		s, abroad = rest, true
	}
	if rest, zeros := strings.CutPrefix(s, "00"); zeros && !abroad {
		s, abroad = rest, true
	}
	if abroad {
		s = strings.Replace(s, "(0)", "", 1) // +44 (0)20 …: dialled inside the country only
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case !strings.ContainsRune(" -–‑.()/\u00A0\u200E\u200F", r):
			return "", false, false
		}
	}
	return b.String(), abroad, true
}

// DutchPostcode returns a postcode as it is written, "9991 AB"; ok is false when it is none. SA, SD and SS are not
// given out.
func DutchPostcode(s string) (postcode string, ok bool) {
	s = strings.ToUpper(LatinDigits(strings.Join(strings.Fields(s), "")))
	const digits, letters = 4, 2
	if len(s) != digits+letters || s[0] == '0' {
		return "", false
	}
	for i := range len(s) {
		if i < digits && (s[i] < '0' || s[i] > '9') || i >= digits && (s[i] < 'A' || s[i] > 'Z') {
			return "", false
		}
	}
	switch s[digits:] {
	case "SA", "SD", "SS":
		return "", false
	}
	return s[:digits] + " " + s[digits:], true
}
