package web

import (
	"os"
	"strings"
	"testing"

	"voordeur/internal/municipality"
)

func TestThemePutsTheMunicipalitysColoursInFront(t *testing.T) {
	got, err := themeCSS(plainTheme())
	if err != nil {
		t.Fatal(err)
	}
	want := ":root{--vd-primary:#14406f;--vd-on-primary:#ffffff;--vd-link:#0b5394;--vd-text:#12213a;--vd-surface:#eef3f8}\n"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestThemeIsRefusedWithEveryPairThatIsHardToRead(t *testing.T) { //ux:05
	tests := map[string]struct {
		change func(*municipality.Theme)
		want   []string // parts of the error, in order
	}{
		"a link too pale": {
			func(t *municipality.Theme) { t.Link = "#7fb2e5" },
			[]string{"link on surface", "link on paper"},
		},
		"a header too pale for its text": {
			func(t *municipality.Theme) { t.Primary = "#f2c200" },
			[]string{"on_primary on primary", "primary on surface", "primary on paper", "paper on primary"},
		},
		"a surface too dark for everything": {
			func(t *municipality.Theme) { t.Surface = "#5f6b78" },
			[]string{"primary on surface", "link on surface", "text on surface", "quiet on surface", "error on surface", "border on surface"},
		},
		"a surface as black as the focus ring": {
			func(t *municipality.Theme) { t.Surface = "#0b0c0c" },
			[]string{"text on surface", "focus on surface"},
		},
		"text as pale as the page": {
			func(t *municipality.Theme) { t.Text = "#eeeeee" },
			[]string{"text on surface", "text on paper"},
		},
		"colours that are none": {
			func(t *municipality.Theme) { t.Primary, t.Link, t.Surface = "blue", "#12345;}*{}", "#fff" },
			[]string{`theme colour primary: "blue"`, "theme colour link", `theme colour surface: "#fff"`},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			theme := plainTheme()
			tt.change(&theme)
			css, err := themeCSS(theme)
			if err == nil || css != "" {
				t.Fatalf("got %q, %v, want an error alone", css, err)
			}
			rest := err.Error()
			for _, want := range tt.want {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Fatalf("error lacks %q: %v", want, err)
				}
				rest = after
			}
		})
	}
}

func TestThemeHasTwelvePairs(t *testing.T) { //ux:05
	if got := len(plainTheme().Pairs()); got != 12 {
		t.Errorf("got %d pairs, want 12", got)
	}
}

// TestStyleHasTheFixedColours keeps the colours that themes are checked against and those that pages show the same.
func TestStyleHasTheFixedColours(t *testing.T) {
	style := readStyle(t, "static/style.css")
	for _, p := range plainTheme().Pairs() {
		for _, colour := range []municipality.Colour{p.Over, p.On} {
			if fixed := colour.Dutch != "" && colour.Name != "paper"; fixed && !strings.Contains(style, colour.Value) {
				t.Errorf("style sheet lacks %s, %s", colour.Name, colour.Value)
			}
		}
	}
}

func readStyle(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
