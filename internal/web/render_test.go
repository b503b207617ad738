package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/PuerkitoBio/goquery"

	"voordeur/internal/municipality"
)

// somePage is a page with one of each part.
type somePage struct {
	Frame
	Fields  []Field
	Buttons Buttons
	Rows    []SummaryRow
	Alert   Alert
	Cards   []Card
	Moments []Moment
}

const somePageTemplate = `{{define "main"}}{{range .Fields}}{{template "field" .}}{{end}}{{template "buttons" .Buttons}}
{{template "summary" .Rows}}{{template "alert" .Alert}}{{range .Cards}}{{template "card" .}}{{end}}
{{template "timeline" .Moments}}{{end}}`

// newRenderer returns a renderer with the layout, the parts and one page, "page".
func newRenderer(t *testing.T, page string) *Renderer {
	t.Helper()
	files := fstest.MapFS{"templates/page.gohtml": {Data: []byte(page)}}
	for _, name := range []string{"templates/layout.gohtml", "templates/parts.gohtml"} {
		content, err := templateFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: content}
	}
	r := NewRenderer(NewCatalog(), newAssets(t, plainTheme()))
	r.files = files
	return r
}

// pageOf renders data in page and returns what a browser would make of it.
func pageOf(t *testing.T, page string, data framed) *goquery.Document {
	t.Helper()
	w := httptest.NewRecorder()
	if err := newRenderer(t, page).render(w, http.StatusOK, "page", data); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func waterstad() *municipality.Municipality {
	return &municipality.Municipality{
		Name: "Gemeente Waterstad", Service: "Hulp in de wijk", Team: "het wijkteam", Theme: plainTheme(),
		Numbers: municipality.Numbers{
			Team:      municipality.Number{Number: "14 000"},
			Emergency: municipality.Number{Number: "112"},
		},
		WalkIn: municipality.WalkIn{Place: "Buurthuis De Sluis", Address: "Kadeweg 1", Hours: "elke ochtend"},
	}
}

// everyPart returns a page with one of each part, every text of which is text and every field in error.
func everyPart(text string) somePage {
	ask := func(id string) Ask { return Ask{ID: id, Label: text, Hint: text, Error: text} }
	options := []Option{
		{Value: text, Label: text, Hint: text, Checked: true, Reveal: []Field{
			{Text: &TextField{Ask: ask("inner"), Name: "inner", Value: text, Type: "tel", Width: WidthMedium}},
		}},
		{Value: "other", Label: text, Apart: true},
	}
	p := somePage{
		Frame: residentFrame(waterstad(), "nl"),
		Fields: []Field{
			{Text: &TextField{Ask: Ask{ID: "text", Label: text, Hint: text, Error: text, Big: true}, Name: "text", Value: text}},
			{Area: &TextArea{Ask: ask("area"), Name: "area", Value: text, Max: 2000}},
			{Select: &SelectField{Ask: ask("select"), Name: "select", Options: options}},
			{Radios: &RadioGroup{Ask: ask("radios"), Name: "radios", Options: options[1:]}},
			{Boxes: &CheckboxGroup{Ask: ask("boxes"), Name: "boxes", Options: options}},
			{Confirm: &Confirm{Ask: ask("confirm"), Name: "confirm", Value: "yes", Checked: true}},
			{Date: &DateField{Ask: ask("date"), Name: "date", Day: text, Month: text, Year: text}},
			{Group: &FieldGroup{Ask: ask("group"), Fields: []Field{{Text: &TextField{Ask: ask("row"), Name: "row"}}}}},
		},
		Buttons: Buttons{Primary: Button{Label: text}, Others: []Button{{Label: text, Name: "more", Value: text}}},
		Rows:    []SummaryRow{{Key: text, Lines: []string{text}, Change: "/vraag/01", Folded: true}, {Key: text}},
		Alert:   Alert{Heading: text, Lines: []string{text}, Tone: Urgent, Phones: []Phone{{Name: text, Number: text, Note: text}}},
		Cards:   []Card{{Heading: text, URL: "/desk/", Badges: []Badge{{Text: text, Tone: Heed}}, Lines: []string{text}}},
		Moments: []Moment{{When: text, DateTime: "2026-11-27T13:05:00Z", What: text, Who: text}},
	}
	p.Title, p.Step, p.Back, p.User = text, text, "/", text
	p.Problems = []ProblemLink{{"text", text}, {"boxes", text}, {"date.day", text}}
	p.Languages = []Language{
		{Code: "nl", Name: text, Dir: "ltr", URL: "/?taal=nl", Current: true},
		{Code: "ar", Name: text, Dir: "rtl", URL: "/?taal=ar"},
	}
	return p
}

func TestRenderWritesAWholePageOrNothing(t *testing.T) {
	tests := map[string]struct{ page, want string }{
		"a field that is not there": {`{{define "main"}}<p>begin</p>{{.Nothing}}{{end}}`, "render page page"},
		"a template with a slip":    {`{{define "main"}}{{if}}{{end}}`, "parse page page"},
		"a file that is not there":  {`{{define "main"}}{{asset "none.css"}}{{end}}`, `no static file "none.css"`},
		"a map without the key":     {`{{define "main"}}{{.Map.none}}{{end}}`, "map has no entry"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			data := struct {
				Frame
				Map map[string]string
			}{Frame: residentFrame(waterstad(), "nl"), Map: map[string]string{}}
			err := newRenderer(t, tt.page).render(w, http.StatusOK, "page", data)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error: got %v, want %q in it", err, tt.want)
			}
			if w.Body.Len() > 0 || len(w.Header()) > 0 {
				t.Errorf("wrote %d bytes, header %v", w.Body.Len(), w.Header())
			}
		})
	}
}

func TestRenderSaysWhenTheVisitorLeft(t *testing.T) {
	err := newRenderer(t, `{{define "main"}}{{end}}`).render(gone{httptest.NewRecorder()}, 200, "page", residentFrame(waterstad(), "nl"))
	if !errors.Is(err, http.ErrHandlerTimeout) {
		t.Errorf("got %v", err)
	}
}

type gone struct{ *httptest.ResponseRecorder }

func (gone) Write([]byte) (int, error) { return 0, http.ErrHandlerTimeout }

func TestRenderAnswersWithStatusAndKind(t *testing.T) {
	w := httptest.NewRecorder()
	r := newRenderer(t, `{{define "main"}}{{end}}`)
	for range 2 { // the second time out of the cache
		w = httptest.NewRecorder()
		if err := r.render(w, http.StatusUnprocessableEntity, "page", residentFrame(waterstad(), "nl")); err != nil {
			t.Fatal(err)
		}
	}
	if w.Code != http.StatusUnprocessableEntity || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("got %d, %v", w.Code, w.Header())
	}
}

// TestPartsEscapeEverything puts what people should not type into every field of every part.
func TestPartsEscapeEverything(t *testing.T) { // threat:T07
	for name, naughty := range map[string]string{
		"a script":            `<script>alert(1)</script>`,
		"an attribute broken": `" onfocus="alert(1)" autofocus x="`,
		"a quote broken":      `' onfocus='alert(1)`,
		"the end of the area": `</textarea><script>alert(1)</script>`,
		"the end of a select": `</option></select><img src=x onerror=alert(1)>`,
		"a style":             `<p style="position:fixed">`,
		"a comment":           `<!-- --!> <svg/onload=alert(1)>`,
		"a template":          `{{.Frame}} {{template "layout" .}}`,
	} {
		t.Run(name, func(t *testing.T) {
			doc := pageOf(t, somePageTemplate, everyPart(naughty))
			if n := doc.Find("script, [style], [onfocus], [onerror], [onload], svg, img").Length(); n != 0 {
				t.Errorf("%d elements came out of the text", n)
			}
			if got := doc.Find("textarea").Text(); got != naughty {
				t.Errorf("textarea: got %q, want %q", got, naughty)
			}
			if got := doc.Find("#text").AttrOr("value", ""); got != naughty {
				t.Errorf("text field: got %q, want %q", got, naughty)
			}
			if n := doc.Find("[autofocus]").Length(); n != 1 {
				t.Errorf("%d elements take the focus, want the error summary alone", n)
			}
		})
	}
}

func TestPartsKeepTheLineBreakAStoryBeginsWith(t *testing.T) {
	page := everyPart("x")
	page.Fields[1].Area.Value = "\nfirst line"
	if got := pageOf(t, somePageTemplate, page).Find("textarea").Text(); got != "\nfirst line" {
		t.Errorf("got %q", got)
	}
}

func TestEveryInputIsLabelledAndDescribed(t *testing.T) { //ux:10
	doc := pageOf(t, somePageTemplate, everyPart("Vul je naam in"))
	ids := map[string]int{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) { ids[s.AttrOr("id", "")]++ })
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q stands %d times on the page", id, n)
		}
	}
	inputs := doc.Find("main input:not([type=hidden]), main textarea, main select")
	if inputs.Length() < 12 {
		t.Fatalf("found %d inputs, want one of each part", inputs.Length())
	}
	inputs.Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if doc.Find(`label[for="`+id+`"]`).Length()+s.Closest("label").Length() != 1 {
			t.Errorf("input %q has no label, or two", id)
		}
		if s.AttrOr("name", "") == "" {
			t.Errorf("input %q has no name", id)
		}
	})
	doc.Find("[aria-describedby], [aria-labelledby]").Each(func(_ int, s *goquery.Selection) {
		for id := range strings.FieldsSeq(s.AttrOr("aria-describedby", "") + " " + s.AttrOr("aria-labelledby", "")) {
			if ids[id] == 0 {
				t.Errorf("%s is described by %q, which is not there", goquery.NodeName(s), id)
			}
		}
	})
	doc.Find(".vd-problems a").Each(func(_ int, s *goquery.Selection) {
		id := strings.TrimPrefix(s.AttrOr("href", ""), "#")
		field := doc.Find(`[id="` + id + `"]`)
		if !field.Is("input, textarea, select") {
			t.Errorf("error %q leads to %q, not to an input", s.Text(), id)
		}
	})
}

func TestAnErrorShowsAtItsInput(t *testing.T) { //ux:10
	wrong := pageOf(t, somePageTemplate, everyPart("Vul je naam in"))
	for _, id := range []string{"text", "area", "select", "radios", "boxes", "confirm", "date.day", "date.month", "date.year"} {
		if got := wrong.Find(`[id="`+id+`"]`).AttrOr("aria-invalid", ""); got != "true" {
			t.Errorf("%s: aria-invalid is %q", id, got)
		}
	}
	for _, id := range []string{"text", "area", "select", "radios", "boxes", "confirm", "date", "group"} {
		if got := wrong.Find("#" + id + "-error").Text(); got != "Fout: Vul je naam in" {
			t.Errorf("%s: error reads %q", id, got)
		}
	}
	page := everyPart("Vul je naam in")
	page.Problems = nil
	for _, f := range page.Fields {
		for _, ask := range asksOf(f) {
			ask.Error = ""
		}
	}
	right := pageOf(t, somePageTemplate, page)
	if n := right.Find("[aria-invalid], .vd-error, .vd-field--invalid, .vd-problems").Length(); n != 0 {
		t.Errorf("%d signs of an error on a page without", n)
	}
}

// asksOf returns what a field and those inside it ask.
func asksOf(f Field) []*Ask {
	var all []*Ask
	inner := func(options []Option) {
		for _, o := range options {
			for _, f := range o.Reveal {
				all = append(all, asksOf(f)...)
			}
		}
	}
	switch {
	case f.Text != nil:
		all = append(all, &f.Text.Ask)
	case f.Area != nil:
		all = append(all, &f.Area.Ask)
	case f.Select != nil:
		all = append(all, &f.Select.Ask)
	case f.Radios != nil:
		all = append(all, &f.Radios.Ask)
		inner(f.Radios.Options)
	case f.Boxes != nil:
		all = append(all, &f.Boxes.Ask)
		inner(f.Boxes.Options)
	case f.Confirm != nil:
		all = append(all, &f.Confirm.Ask)
	case f.Date != nil:
		all = append(all, &f.Date.Ask)
	case f.Group != nil:
		all = append(all, &f.Group.Ask)
		for _, f := range f.Group.Fields {
			all = append(all, asksOf(f)...)
		}
	}
	return all
}

// TestHintsStandBetweenQuestionAndInput reads the order that a screen reader reads.
func TestHintsStandBetweenQuestionAndInput(t *testing.T) { //ux:08
	page := everyPart("x")
	for _, f := range page.Fields {
		for _, ask := range asksOf(f) {
			ask.Label, ask.Hint, ask.Error = "QUESTION", "HINT", "ERROR"
		}
	}
	w := httptest.NewRecorder()
	if err := newRenderer(t, `{{define "main"}}{{range .Fields}}<hr>{{template "field" .}}{{end}}{{end}}`).render(w, 200, "page", page); err != nil {
		t.Fatal(err)
	}
	words := regexp.MustCompile(`QUESTION|HINT|ERROR|<(?:input|textarea|select)\b`)
	fields := strings.Split(w.Body.String(), "<hr>")[1:]
	for i, f := range page.Fields {
		if f.Confirm != nil {
			continue // its question is the box's own label
		}
		got := words.FindAllString(fields[i], 4)
		if f.Group == nil && !slices.Equal(got[:3], []string{"QUESTION", "HINT", "ERROR"}) || len(got) < 4 {
			t.Errorf("field %d reads %v", i, got)
		}
	}
}

func TestFieldsDoNotComeBackByThemselves(t *testing.T) {
	doc := pageOf(t, somePageTemplate, everyPart("x"))
	doc.Find("main input:not([type=hidden]), main textarea, main select").Each(func(_ int, s *goquery.Selection) {
		if got := s.AttrOr("autocomplete", ""); got != "off" {
			t.Errorf("%s: autocomplete is %q, want off", s.AttrOr("id", ""), got)
		}
	})
}

func TestTelephoneLinksAreDialled(t *testing.T) {
	for number, want := range map[string]string{"14 000": "14000", "0800-2000": "08002000", "+31 (0)20 123": "+31020123"} {
		if got := dialled(number); got != want {
			t.Errorf("%s: got %s, want %s", number, got, want)
		}
	}
}

func TestNumbersAreGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1.000", 2007: "2.007", 1234567: "1.234.567"} {
		if got := grouped(n, "."); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}
