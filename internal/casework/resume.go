package casework

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"voordeur/internal/form"
)

// ResumeCode opens a draft again, on any device, until it expires: "K7M4RT9X". Eight characters of the alphabet of
// references, 36 bits. It follows from the draft's secret, so that a draft has one code however often it is paused.
type ResumeCode string

// ErrResumeCode means that a text is not a resume code.
var ErrResumeCode = errors.New("not a resume code")

// ResumeCodeLasts is how long a resume code works after it was last asked for, and how long a draft that has one is kept
// after its last change.
const ResumeCodeLasts = 14 * 24 * time.Hour

// resumeLetters is the length of a resume code.
const resumeLetters = 8

// ResumeCode is the code of the draft.
func (s Secret) ResumeCode() ResumeCode {
	for try := uint32(0); ; try++ {
		label := binary.BigEndian.AppendUint32([]byte("resume code "), try)
		if c := resumeCodeFrom(binary.BigEndian.Uint64(s.derive(string(label), 8))); decent(string(c)) {
			return c
		}
	}
}

// resumeCodeFrom writes a number in the alphabet; of its 64 bits the last 36 count, near enough evenly.
func resumeCodeFrom(n uint64) ResumeCode {
	var code [resumeLetters]byte
	for i := range code {
		code[i] = referenceAlphabet[n%uint64(len(referenceAlphabet))]
		n /= uint64(len(referenceAlphabet))
	}
	return ResumeCode(code[:])
}

// ParseResumeCode reads a code as people write or paste it: any case, the digits of any keyboard, with or
// without dashes and white space.
func ParseResumeCode(text string) (ResumeCode, error) {
	var code strings.Builder
	for _, r := range strings.ToUpper(form.LatinDigits(text)) {
		switch {
		case isBetween(r):
		case !strings.ContainsRune(referenceAlphabet, r) || code.Len() == resumeLetters:
			return "", ErrResumeCode
		default:
			code.WriteRune(r)
		}
	}
	if code.Len() != resumeLetters {
		return "", ErrResumeCode
	}
	return ResumeCode(code.String()), nil
}

// isBetween says whether a character only sets groups apart: a space, a line break, or a dash as a telephone writes it.
func isBetween(r rune) bool {
	return strings.ContainsRune("-‐‑–— \u00a0\u202f\u200e\u200f\t\r\n", r)
}

// String is the code as it is shown, in two groups: "K7M4-RT9X".
func (c ResumeCode) String() string { return string(c[:4]) + "-" + string(c[4:]) }

// ResumeOwner tells the row that a draft's code opens from another draft's. Nothing of the report follows from it.
func (s Secret) ResumeOwner() string { return hex.EncodeToString(s.derive("resume owner", 16)) }

// ResumeRow is what a resume code opens, as it is stored: the draft's secret, which nobody reads without the code.
type ResumeRow struct {
	Owner   string // of the draft
	Sealed  []byte
	Expires time.Time
}
