package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
)

// gappy is a catalog whose Arabic lacks texts.
func gappy() *Catalog {
	return newCatalog(fstest.MapFS{
		"nl.json": {Data: []byte(`{
			"there": "Er", "gap": "Weg", "gap.lines": "Een\nTwee", "gap.named": "Dag {{.Name}}", "named": "Hallo {{.Name}}",
			"safe": "Bel 112", "safe.you": "Wat wil je?", "gap.many": {"one": "{{.Count}} dag", "other": "{{.Count}} dagen"}
		}`)},
		"nl-u.json": {Data: []byte(`{"safe.you": "Wat wilt u?"}`)},
		"ar.json":   {Data: []byte(`{"there": "هنا", "named": "مرحبا {{.Name}}", "safe": "اتصل", "safe.you": "ماذا تريد؟"}`)},
	})
}

// wordsPage is a page of words.
type wordsPage struct {
	Frame
	Words string
	Lines []string
}

// showWords renders a page's "main" with the texts of a name, and returns what a browser would make of it.
func showWords(t *testing.T, name, main string, data wordsPage) *goquery.Document {
	t.Helper()
	r := NewRenderer(gappy(), newAssets(t, plainTheme()))
	r.files = fstest.MapFS{
		"templates/layout.gohtml": {Data: []byte(`{{define "layout"}}<!doctype html><html><head><title{{with lang .Words}} lang="{{.}}"{{end}}>{{.Words}}</title></head><body>{{template "main" .}}</body></html>{{end}}`)},
		"templates/parts.gohtml":  {Data: []byte(`{{define "parts"}}{{end}}`)},
		"templates/page.gohtml":   {Data: []byte(`{{define "main"}}` + main + `{{end}}`)},
	}
	data.words = name
	w := httptest.NewRecorder()
	if err := r.render(w, http.StatusOK, "page", data); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(w.Body.String(), dutchBegins+dutchEnds) {
		t.Errorf("a mark is left: %q", w.Body)
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// ux 19: a text that the page's language lacks carries its own language and direction.
//
//ux:19
func TestAFallbackTextCarriesItsOwnLanguage(t *testing.T) {
	texts, err := gappy().In("ar")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		main string
		data wordsPage
		want string // inner HTML of the body
	}{
		"a text that is there is the page's own": {`<p>{{t "there"}}</p>`, wordsPage{}, `<p>هنا</p>`},
		"a text that is not":                     {`<p>{{t "gap"}}</p>`, wordsPage{}, `<p><span lang="nl" dir="ltr">Weg</span></p>`},
		"one with a name that somebody typed": {
			`<p>{{t "gap.named" "Name" .Words}}</p>`,
			wordsPage{Words: "<b>"},
			`<p><span lang="nl" dir="ltr">Dag &lt;b&gt;</span></p>`,
		},
		"one inside another text": {
			`<p>{{t "named" "Name" .Words}}</p>`,
			wordsPage{Words: texts.T("gap")},
			`<p>مرحبا <span lang="nl" dir="ltr">Weg</span></p>`,
		},
		"one inside another that is not there either": {
			`<p>{{t "gap.named" "Name" .Words}}</p>`,
			wordsPage{Words: texts.T("gap")},
			`<p><span lang="nl" dir="ltr">Dag Weg</span></p>`,
		},
		"one that was split into its lines": {
			`{{range .Lines}}<p>{{.}}</p>{{end}}`,
			wordsPage{Lines: lines(texts.T("gap.lines"))},
			`<p><span lang="nl" dir="ltr">Een</span></p><p><span lang="nl" dir="ltr">Twee</span></p>`,
		},
		"one with plural forms": {`<p>{{t "gap.many" "Count" 2}}</p>`, wordsPage{}, `<p><span lang="nl" dir="ltr">2 dagen</span></p>`},
		"one in an attribute, which has no language": {
			`<p title="{{t "gap"}}">{{t "there"}}</p>`,
			wordsPage{},
			`<p title="Weg">هنا</p>`,
		},
		"one in an option, which holds no element": {
			`<select><option{{with lang .Words}} lang="{{.}}"{{end}}>{{.Words}}</option></select>`,
			wordsPage{Words: texts.T("gap")},
			`<select><option lang="nl">Weg</option></select>`,
		},
		"the page's own in an option": {
			`<select><option{{with lang .Words}} lang="{{.}}"{{end}}>{{.Words}}</option></select>`,
			wordsPage{Words: texts.T("there")},
			`<select><option>هنا</option></select>`,
		},
		"a safety text in Dutch beside its translation": {
			`<p>{{t "safe"}} {{dutch "safe"}}</p>`,
			wordsPage{},
			`<p>اتصل <span lang="nl" dir="ltr">Bel 112</span></p>`,
		},
		"a safety text that is not translated, once": {
			`<p>{{t "gap"}}{{dutch "gap"}}</p>`,
			wordsPage{},
			`<p><span lang="nl" dir="ltr">Weg</span></p>`,
		},
		"a mark that somebody typed reaches no further than their text": {
			`<p>{{.Words}}</p><textarea>{{.Words}}</textarea><p>{{t "there"}}</p>`,
			wordsPage{Words: dutchBegins + dutchBegins + "x" + dutchEnds + dutchEnds + dutchEnds + dutchBegins},
			`<p><span lang="nl" dir="ltr">x</span><span lang="nl" dir="ltr"></span></p><textarea>x</textarea><p>هنا</p>`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := showWords(t, "ar", tt.main, tt.data).Find("body").Html()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

//ux:19
func TestATitleSaysWhenItIsDutch(t *testing.T) {
	tests := map[string]struct{ title, text, lang string }{
		"the page's own": {"البداية", "البداية", ""},
		"all of it":      {inDutch("Begin"), "Begin", "nl"},
		"a part of it":   {"3: " + inDutch("Begin"), "3: Begin", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			title := showWords(t, "ar", "", wordsPage{Words: tt.title}).Find("title")
			if title.Text() != tt.text || title.AttrOr("lang", "") != tt.lang {
				t.Errorf("got %q in %q", title.Text(), title.AttrOr("lang", ""))
			}
		})
	}
}

// M6: beside a translation, Dutch says u where the municipality does; a page in Dutch says nothing twice.
//
// feature:M6
func TestDutchBesideATranslationSaysJeOrU(t *testing.T) {
	for name, want := range map[string]string{"ar": inDutch("Wat wil je?"), "ar-u": inDutch("Wat wilt u?"), "nl": "", "nl-u": ""} {
		texts, err := gappy().In(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := texts.Dutch("safe.you"); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestTextsCountAsTheLanguageDoes(t *testing.T) {
	catalog := newCatalog(fstest.MapFS{
		"nl.json": {Data: []byte(`{"days": {"one": "{{.Count}} dag", "other": "{{.Count}} dagen"}}`)},
		"ar.json": {Data: []byte(`{"days": {"zero": "0", "one": "1", "two": "2", "few": "few {{.Count}}", "many": "many {{.Count}}", "other": "other {{.Count}}"}}`)},
		"uk.json": {Data: []byte(`{"days": {"one": "one {{.Count}}", "few": "few {{.Count}}", "many": "many {{.Count}}", "other": "other"}}`)},
		"pl.json": {Data: []byte(`{"days": {"one": "one {{.Count}}", "few": "few {{.Count}}", "many": "many {{.Count}}", "other": "other"}}`)},
		"ti.json": {Data: []byte(`{"days": {"one": "one {{.Count}}", "other": "other {{.Count}}"}}`)},
	})
	tests := map[string]struct {
		lang  string
		count int
		want  string
	}{
		"none, in Arabic":          {"ar", 0, "0"},
		"two, in Arabic":           {"ar", 2, "2"},
		"three, in Arabic":         {"ar", 3, "few 3"},
		"eleven, in Arabic":        {"ar", 11, "many 11"},
		"a hundred, in Arabic":     {"ar", 100, "other 100"},
		"twenty-one, in Ukrainian": {"uk", 21, "one 21"},
		"two, in Ukrainian":        {"uk", 2, "few 2"},
		"five, in Ukrainian":       {"uk", 5, "many 5"},
		"twenty-one, in Polish":    {"pl", 21, "many 21"},
		"twenty-two, in Polish":    {"pl", 22, "few 22"},
		"none, in Tigrinya":        {"ti", 0, "one 0"},
		"two, in Tigrinya":         {"ti", 2, "other 2"},
		"said in Dutch":            {"so", 1, inDutch("1 dag")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			texts, err := catalog.In(tt.lang)
			if err != nil {
				t.Fatal(err)
			}
			if got := texts.T("days", "Count", tt.count); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNobodyHasCheckedALanguageWithoutTexts(t *testing.T) { //ux:19
	catalog := newCatalog(fstest.MapFS{
		"nl.json":       {Data: []byte(`{}`)},
		"en.json":       {Data: []byte(`{"_checked": true}`)},
		"frame.en.json": {Data: []byte(`{"_checked": true}`)},
		"pl.json":       {Data: []byte(`{"_checked": true}`)},
		"frame.pl.json": {Data: []byte(`{"_checked": false}`)},
	})
	for lang, want := range map[string]bool{"nl": true, "en": true, "pl": false, "so": false} {
		if got, err := catalog.Checked(lang); err != nil || got != want {
			t.Errorf("%s: got %v, error %v; want %v", lang, got, err, want)
		}
	}
}

func TestCapitalsGoAsTheLanguageWritesThem(t *testing.T) {
	for lang, want := range map[string]string{"tr": "iş ılık", "pl": "iş ilik"} {
		texts, err := newCatalog(fstest.MapFS{"nl.json": {Data: []byte(`{}`)}}).In(lang)
		if err != nil {
			t.Fatal(err)
		}
		if got := texts.Lower("İŞ ILIK"); got != want {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
}
