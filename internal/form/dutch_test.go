package form

import "testing"

func TestDialPhone(t *testing.T) {
	for name, test := range map[string]struct{ in, want string }{ // want "" is refused
		"a mobile number":                   {"0612345678", "+31612345678"},
		"with a dash and spaces":            {"06 - 12 34 56 78", "+31612345678"},
		"an area code in brackets":          {"(020) 123 45 67", "+31201234567"},
		"with dots and a slash":             {"010/123.45.67", "+31101234567"},
		"with a non-breaking space":         {"06\u00A012345678", "+31612345678"},
		"with its country code":             {"+31 6 12345678", "+31612345678"},
		"with 0031":                         {"0031612345678", "+31612345678"},
		"with the (0) of printed cards":     {"+31 (0)6 12345678", "+31612345678"},
		"with a superfluous 0":              {"+31 06 12345678", "+31612345678"},
		"Belgian":                           {"+32 470 12 34 56", "+32470123456"},
		"British with (0)":                  {"+44 (0)20 7946 0000", "+442079460000"},
		"on an Arabic keyboard":             {"٠٦١٢٣٤٥٦٧٨", "+31612345678"},
		"its country code in brackets":      {"(+31) 6 12345678", "+31612345678"},
		"with 0031 in brackets":             {"(0031) 6 12345678", "+31612345678"},
		"only the 0 in brackets":            {"(0)6 12345678", "+31612345678"},
		"copied with marks of direction":    {"\u200E+31 6\u200E 1234\u200F5678", "+31612345678"},
		"empty":                             {"", ""},
		"one digit short":                   {"061234567", ""},
		"one digit too many":                {"06123456789", ""},
		"short, with a country code":        {"+31 6 1234567", ""},
		"without its leading zero":          {"612345678", ""},
		"two leading zeros and no country":  {"000612345678", ""},
		"with words":                        {"bel 0612345678", ""},
		"a plus in the middle":              {"06+12345678", ""},
		"a plus and 00":                     {"+0031612345678", ""},
		"only signs":                        {"+-()", ""},
		"too short for any country":         {"+3212345", ""},
		"longer than any number":            {"+3212345678901234", ""},
		"with a line break":                 {"06123\n45678", ""},
		"a national service, not one's own": {"112", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := DialPhone(test.in)
			if ok != (test.want != "") || ok && got != test.want {
				t.Errorf("got %q %v, want %q", got, ok, test.want)
			}
		})
	}
}

func TestDutchPostcode(t *testing.T) {
	for name, test := range map[string]struct{ in, want string }{ // want "" is refused
		"as written":               {"9991 AB", "9991 AB"},
		"without the space":        {"9991AB", "9991 AB"},
		"in lower case":            {"9991 ab", "9991 AB"},
		"with stray spaces":        {" 99 91  a b ", "9991 AB"},
		"on an Arabic keyboard":    {"٩٩٩١ AB", "9991 AB"},
		"letters never given out":  {"9991 SS", ""},
		"SA in lower case":         {"9991 sa", ""},
		"SD":                       {"9991SD", ""},
		"a leading zero":           {"0991 AB", ""},
		"digits only":              {"9991", ""},
		"three letters":            {"9991 ABC", ""},
		"a letter too early":       {"99A1 AB", ""},
		"a digit too late":         {"9991 A1", ""},
		"letters that are not A–Z": {"9991 ÀB", ""},
		"empty":                    {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := DutchPostcode(test.in)
			if ok != (test.want != "") || ok && got != test.want {
				t.Errorf("got %q %v, want %q", got, ok, test.want)
			}
		})
	}
}
