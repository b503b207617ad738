package web_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"voordeur/internal/form"
	"voordeur/internal/web"
)

// pluralForm is the category (CLDR) of a whole number in a language.
func pluralForm(lang string, n int) string { return formName(lang, n, 0) }

// formName is the category of a number with one decimal digit, or with none when that is 0.
func formName(lang string, whole, tenths int) string {
	names := map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
	}
	digits := min(tenths, 1)
	return names[plural.Cardinal.MatchPlural(language.Make(lang), whole, digits, digits, tenths, tenths)]
}

// pluralForms are the categories that a language tells apart.
func pluralForms(lang string) []string {
	forms := map[string]bool{}
	for n := range 200 {
		for tenths := range 10 {
			forms[formName(lang, n, tenths)] = true
		}
	}
	return slices.Sorted(maps.Keys(forms))
}

// entries are the texts of a file; those with plural forms are maps.
func entries(t *testing.T, file string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// counted are the texts of residents' pages with plural forms in a language, by key and form.
func counted(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for _, part := range []string{"", "frame."} {
		for key, entry := range entries(t, "texts/"+part+lang+".json") {
			said, ok := entry.(map[string]any)
			if !ok {
				continue
			}
			all[key] = map[string]string{}
			for form, text := range said {
				all[key][form], _ = text.(string)
			}
		}
	}
	return all
}

// A text with plural forms has those that its language tells apart (CLDR), and no others, in every language.
//
//ux:19
func TestPluralFormsAreThoseOfTheLanguage(t *testing.T) {
	if got := pluralForms("ar"); len(got) != 6 {
		t.Fatalf("Arabic has %q, want six forms", got)
	}
	dutch := counted(t, "nl")
	for _, lang := range append([]string{"nl"}, languages()...) {
		texts := counted(t, lang)
		if got, want := slices.Sorted(maps.Keys(texts)), slices.Sorted(maps.Keys(dutch)); !slices.Equal(got, want) {
			t.Errorf("%s counts in %v, Dutch in %v", lang, got, want)
		}
		for key, forms := range texts {
			if got := slices.Sorted(maps.Keys(forms)); !slices.Equal(got, pluralForms(lang)) {
				t.Errorf("%s: %s has the forms %v, want %v", lang, key, got, pluralForms(lang))
			}
		}
	}
}

// A text that counts things has plural forms: "1 tekens" is no Dutch.
func TestWhatIsCountedHasPluralForms(t *testing.T) {
	files, err := filepath.Glob("texts/*nl*.json")
	if err != nil {
		t.Fatal(err)
	}
	things := regexp.MustCompile(`{{\.(Count|Max)}} \p{L}`)
	found := 0
	for _, file := range files {
		for key, entry := range entries(t, file) {
			switch said := entry.(type) {
			case string:
				if things.MatchString(said) {
					t.Errorf("%s: %s counts without plural forms: %s", file, key, said)
				}
			case map[string]any:
				found++
				if got := slices.Sorted(maps.Keys(said)); !slices.Equal(got, pluralForms("nl")) {
					t.Errorf("%s: %s has the forms %v", file, key, got)
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d texts have plural forms", found)
	}
}

// Every count up to a hundred and some more is said in the form of its language.
//
//ux:19
func TestEveryNumberIsSaidInItsForm(t *testing.T) {
	catalog := web.NewCatalog()
	for _, lang := range append([]string{"nl"}, languages()...) {
		texts, err := catalog.In(lang)
		if err != nil {
			t.Fatal(err)
		}
		for key, forms := range counted(t, lang) {
			for n := range 205 {
				number := strconv.Itoa(n)
				want := strings.NewReplacer("{{.Count}}", number, "{{.Max}}", number, "{{.Used}}", "0").Replace(forms[pluralForm(lang, n)])
				if got := texts.T(key, "Count", n, "Max", n, "Used", 0); got != want {
					t.Errorf("%s: %s says %q of %d, want %q", lang, key, got, n, want)
				}
			}
		}
	}
}

// The block above a form says how many things are to be mended, and the check page what is still needed.
//
//ux:10
//ux:19
func TestTheErrorBlockCounts(t *testing.T) {
	d := openDoor(t)
	tests := map[string]struct{ lang, one, two, three string }{
		"in Dutch":   {"nl", "Kijk dit nog even na", "Kijk deze 2 dingen nog even na", "Deze 3 dingen hebben we nog nodig"},
		"in Arabic":  {"ar", "انظر إلى هذا مرة أخرى", "انظر إلى هذين الأمرين مرة أخرى", "ما زلنا نحتاج إلى 3 إجابات"},
		"in Polish":  {"pl", "Sprawdź to jeszcze raz", "Sprawdź jeszcze raz 2 punkty", "Potrzebujemy jeszcze 3 odpowiedzi"},
		"in Turkish": {"tr", "Buna bir daha bakın", "Bu 2 şeye bir daha bakın", "Bu 3 şey hâlâ gerekli"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := d.resident(t)
			r.press(r.begin(form.Full), tt.lang, nil)
			contact := r.get("/vraag/52")
			for want, p := range map[string]*seen{
				tt.one:   r.answer(contact, url.Values{"contact_way": {"call"}, "phone": {"12"}}),
				tt.two:   r.answer(contact, url.Values{"contact_way": {"call", "email"}, "phone": {"12"}, "email": {"x"}}),
				tt.three: r.get("/controle"),
			} {
				if got := text(p.Find("#problems")); got != want {
					t.Errorf("%s says %q, want %q", p.path, got, want)
				}
			}
		})
	}
}
