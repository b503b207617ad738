package casework_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"voordeur/internal/casework"
)

// What a telephone, a hurried hand or a paste makes of a code reads as the code.
//
//ux:21
func TestAResumeCodeIsReadAsPeopleWriteIt(t *testing.T) {
	tests := map[string]struct {
		text string
		want casework.ResumeCode // "" for none
	}{
		"as it is shown":                       {"K7M4-RT9X", "K7M4RT9X"},
		"in small letters":                     {"k7m4-rt9x", "K7M4RT9X"},
		"without a dash":                       {"K7M4RT9X", "K7M4RT9X"},
		"in pairs":                             {"K7 M4 RT 9X", "K7M4RT9X"},
		"pasted with a line break":             {"\r\nK7M4-RT9X\n", "K7M4RT9X"},
		"pasted with spaces that do not break": {"K7M4\u00a0RT9X\u202f", "K7M4RT9X"},
		"with a dash that a telephone makes":   {"K7M4–RT9X", "K7M4RT9X"},
		"pasted out of an Arabic text":         {"\u200fK7M4-RT9X\u200e", "K7M4RT9X"},
		"with digits of an Arabic keyboard":    {"K٧M٤-RT٩X", "K7M4RT9X"},
		"with one character too few":           {"K7M4-RT9", ""},
		"with one character too many":          {"K7M4-RT9X2", ""},
		"with a letter that no code has":       {"K7M4-RT9O", ""},
		"a case's number":                      {"K7M-4RT-9XC", ""},
		"nothing":                              {"", ""},
		"letters that look alike elsewhere":    {"К7М4-RT9X", ""}, // К and М are Cyrillic
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := casework.ParseResumeCode(tt.text)
			if got != tt.want || (err == nil) != (tt.want != "") {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// A code follows from its draft alone, is read back as it is shown, and has no look-alikes.
//
//ux:21
func TestADraftHasOneCode(t *testing.T) {
	seen := map[casework.ResumeCode]bool{}
	rapid.Check(t, func(t *rapid.T) {
		secret := casework.Secret(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "secret"))
		code := secret.ResumeCode()
		if code != secret.ResumeCode() || len(code) != 8 {
			t.Fatalf("got %q, then %q", code, secret.ResumeCode())
		}
		if strings.ContainsAny(string(code), "01ILOSZBUAEGY") {
			t.Fatalf("%q has a character that is easily misread", code)
		}
		if got, err := casework.ParseResumeCode(code.String()); err != nil || got != code {
			t.Fatalf("%s is read as %q, %v", code, got, err)
		}
	})
	for range 2000 {
		code := casework.NewSecret().ResumeCode()
		if seen[code] {
			t.Fatal("two drafts have one code")
		}
		if strings.Contains(string(code), "KK") {
			t.Fatalf("%s says what nobody wants to read", code)
		}
		seen[code] = true
	}
}
