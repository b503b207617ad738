package casework

import (
	"errors"
	"strings"
)

// Reference is a case's number, "K7M-4RT-9XC": short, to be read aloud, and opening nothing. Eight characters and a
// check character; the case's id is the same.
type Reference string

// ErrReference means that a text is not a reference; the check character finds each single slip and each swap of
// neighbours.
var ErrReference = errors.New("not a reference")

// referenceAlphabet leaves out vowels (no accidental words) and one of every pair that looks or sounds alike. Its
// size is a prime, so that the weighted check finds every single slip and every swap.
const referenceAlphabet = "23456789CDFHJKMNPQRTVWX"

const referenceLetters = 8

// indecent lists what even letters without vowels may spell, in Dutch or as an abbreviation.
func indecent() []string {
	return []string{"KK", "KNK", "TRR", "FCK", "KNT", "WJF", "JDN", "DTH", "DRD", "PTN"}
}

// referenceFrom makes a reference from eight bytes.
func referenceFrom(b []byte) Reference {
	values := make([]int, 0, referenceLetters)
	for _, x := range b[:referenceLetters] {
		values = append(values, int(x)%len(referenceAlphabet))
	}
	return write(append(values, checkOf(values)))
}

// checkOf is the value that brings the weighted sum to zero modulo the alphabet's size; the i-th value weighs i+2, the
// check itself 1.
func checkOf(values []int) int {
	sum := 0
	for i, v := range values {
		sum += (i + 2) * v
	}
	n := len(referenceAlphabet)
	return (n - sum%n) % n
}

func write(values []int) Reference {
	var b strings.Builder
	for i, v := range values {
		if i > 0 && i%3 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(referenceAlphabet[v])
	}
	return Reference(b.String())
}

// ParseReference reads a reference as people write it: any case, with or without dashes and spaces.
func ParseReference(text string) (Reference, error) {
	var values []int
	for _, r := range strings.ToUpper(text) {
		if r == '-' || r == ' ' {
			continue
		}
		v := strings.IndexRune(referenceAlphabet, r)
		if v < 0 || len(values) > referenceLetters {
			return "", ErrReference
		}
		values = append(values, v)
	}
	if len(values) != referenceLetters+1 || checkOf(values[:referenceLetters]) != values[referenceLetters] {
		return "", ErrReference
	}
	return write(values), nil
}

func (r Reference) decent() bool { return decent(strings.ReplaceAll(string(r), "-", "")) }

func decent(bare string) bool {
	for _, word := range indecent() {
		if strings.Contains(bare, word) {
			return false
		}
	}
	return true
}
