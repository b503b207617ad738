package casework_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"voordeur/internal/casework"
)

func secrets() *rapid.Generator[casework.Secret] {
	return rapid.Custom(func(t *rapid.T) casework.Secret {
		return casework.Secret(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "secret"))
	})
}

func TestAReferenceIsReadBackHoweverItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ref := secrets().Draw(t, "secret").Reference(rapid.IntRange(0, 9).Draw(t, "n"))
		for _, written := range []string{
			string(ref), strings.ToLower(string(ref)), strings.ReplaceAll(string(ref), "-", ""), " " + strings.ReplaceAll(string(ref), "-", " "),
		} {
			got, err := casework.ParseReference(written)
			if err != nil || got != ref {
				t.Fatalf("ParseReference(%q) = %q, %v; want %q", written, got, err, ref)
			}
		}
		if strings.ContainsAny(string(ref), "AEIOUY01BGLSZ") {
			t.Fatalf("%q holds a vowel or a look-alike", ref)
		}
	})
}

// The check character finds each single slip and each swap of neighbours.
func TestASlipOfThePenIsNoReference(t *testing.T) {
	const alphabet = "23456789CDFHJKMNPQRTVWX"
	rapid.Check(t, func(t *rapid.T) {
		ref := strings.ReplaceAll(string(secrets().Draw(t, "secret").Reference(0)), "-", "")
		at := rapid.IntRange(0, len(ref)-1).Draw(t, "at")
		wrong := []byte(ref)
		if rapid.Bool().Draw(t, "swap") && at > 0 {
			wrong[at], wrong[at-1] = wrong[at-1], wrong[at]
		} else {
			wrong[at] = rapid.SampledFrom([]byte(alphabet)).Draw(t, "letter")
		}
		if string(wrong) == ref {
			return
		}
		if got, err := casework.ParseReference(string(wrong)); err == nil {
			t.Fatalf("%s was taken for %s, after %s", wrong, got, ref)
		}
	})
}

func TestAReferenceNeverSpellsAWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bare := strings.ReplaceAll(string(secrets().Draw(t, "secret").Reference(0)), "-", "")
		for _, word := range []string{"KK", "FCK", "KNT"} {
			if strings.Contains(bare, word) {
				t.Fatalf("%s spells %s", bare, word)
			}
		}
	})
}

// One secret always gives the same; two give nothing in common.
func TestEverythingFollowsFromTheSecret(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := secrets().Draw(t, "a"), secrets().Draw(t, "b")
		again, err := casework.ParseSecret(a.String())
		if err != nil || again != a {
			t.Fatalf("ParseSecret(String()) = %v, %v", again, err)
		}
		if a.Reference(0) != again.Reference(0) || a.LinkToken() != again.LinkToken() || a.DraftID() != again.DraftID() {
			t.Fatal("the same secret gave something else")
		}
		if a == b {
			return
		}
		if a.DraftID() == b.DraftID() || a.LinkToken() == b.LinkToken() || a.FormTokenIs("11", b.FormToken("11")) {
			t.Fatal("two secrets share something")
		}
		if a.FormTokenIs("12", a.FormToken("11")) {
			t.Fatal("a token of one page passes on another")
		}
	})
}

func FuzzParseReference(f *testing.F) {
	f.Add("K7M-4RT-9XC")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		ref, err := casework.ParseReference(text)
		if err != nil {
			return
		}
		again, err := casework.ParseReference(string(ref))
		if err != nil || again != ref {
			t.Errorf("ParseReference(%q) = %q, which reads back as %q, %v", text, ref, again, err)
		}
	})
}
