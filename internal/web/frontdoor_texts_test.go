package web_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/web"
	"voordeur/schemas"
)

// residentTexts reads the texts of residents' pages in Dutch.
func residentTexts(t *testing.T) map[string]string {
	t.Helper()
	texts, _ := textFile(t, "nl")
	return texts
}

// textFile reads a file of texts, and its mark: "" without one, "true" or "false".
func textFile(t *testing.T, name string) (texts map[string]string, mark string) {
	t.Helper()
	data, err := os.ReadFile("texts/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var entries map[string]any
	if err := json.Unmarshal(data, &entries); err != nil {
		t.Fatal(err)
	}
	texts = map[string]string{}
	for key, entry := range entries {
		switch value := entry.(type) {
		case string:
			texts[key] = value
		case map[string]any: // plural forms
			for _, form := range slices.Sorted(maps.Keys(value)) {
				texts[key] += fmt.Sprintln(value[form])
			}
		case bool:
			mark += strconv.FormatBool(value)
		default:
			t.Errorf("%s: %s is no text", name, key)
		}
	}
	return texts, mark
}

// keys is which texts there must be, and which there may be besides.
type keys struct{ needed, allowed map[string]bool }

func (k keys) need(names ...string) {
	for _, n := range names {
		k.needed[n] = true
	}
}

func (k keys) allow(names ...string) {
	for _, n := range names {
		k.allowed[n] = true
	}
}

// formKeys returns the keys that follow from the form's definition.
func formKeys(d form.Definition) keys {
	k := keys{map[string]bool{}, map[string]bool{}}
	for _, p := range d.Pages {
		k.need("page." + p.ID + ".title")
		k.allow("page."+p.ID+".heading", "page."+p.ID+".lead", "page."+p.ID+".text")
		if p.Notice != "" {
			k.need("notice."+p.Notice+".title", "notice."+p.Notice+".text")
		}
		for i, q := range p.Questions {
			k.question(p, i, q)
		}
	}
	for _, code := range form.Codes() {
		k.need("error." + code)
	}
	k.need("page.own.title")
	return k
}

func (k keys) question(p form.Page, i int, q form.Question) {
	base := "q." + q.Key
	first := slices.IndexFunc(p.Questions, func(o form.Question) bool { return o.Key == q.Key })
	if p.Questions[first].Type != q.Type {
		base += "." + string(q.Type)
	}
	topic, _, _ := strings.Cut(q.Key, ".")
	k.need("q." + topic + ".short")
	k.allow(base+".hint", "q."+q.Key+".line")
	for _, code := range form.Codes() {
		k.allow("q." + q.Key + ".error." + code)
	}
	switch {
	case q.Type != form.People:
		k.need(base + ".title")
	case i == 0:
		k.need(base + ".title")
		fallthrough
	default:
		k.need(base+".person", base+".name.title")
		k.allow(base+".name.hint", base+".with.hint")
	}
	for _, o := range q.Options {
		if o == form.Unknown {
			k.need("option.unknown")
			k.allow(base + ".option." + o)
			continue
		}
		if q.Type == form.People {
			k.need(base+".relation.title", base+".with.title", "q."+q.Key+".relation."+o)
			continue
		}
		k.need(base + ".option." + o)
		k.allow(base + ".option." + o + ".hint")
	}
	if q.Required != nil && q.Type != form.Confirm {
		k.need("q." + q.Key + ".error.required")
	}
}

// codeKeys returns the keys that templates and handlers name.
func codeKeys(t *testing.T, k keys) {
	t.Helper()
	literal := regexp.MustCompile(`"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)"`)
	for _, pattern := range []string{"templates/resident/*.gohtml", "frontdoor*.go", "paper*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range literal.FindAllStringSubmatch(string(data), -1) {
				isText := strings.HasSuffix(file, ".gohtml") || !strings.HasSuffix(file, "_test.go")
				if isText && !strings.HasPrefix(m[1], "frame.") && !strings.HasSuffix(m[1], ".txt") && !strings.HasSuffix(m[1], ".css") {
					k.need(m[1])
				}
			}
		}
	}
	for n := range 7 {
		k.need("date.weekday." + strconv.Itoa(n))
	}
	for n := range 12 {
		k.need("date.month." + strconv.Itoa(n+1))
	}
	for n := range 8 {
		k.need("check.privacy." + strconv.Itoa(n+1))
	}
	for _, notice := range []string{"unsafe", "hidden", "missing", "child", "young_child", "about_other"} {
		k.need("notice."+notice+".title", "notice."+notice+".text")
	}
	for _, number := range []string{"team", "emergency", "suicide", "safe_home", "child"} {
		k.need("phone." + number + ".note")
	}
	for n := range 7 {
		k.need("paper.section." + strconv.Itoa(n+1))
	}
	for _, sheet := range []string{"paper", "card"} {
		k.need(sheet+".title", sheet+".intro", sheet+".other")
	}
	for _, page := range []string{"privacy", "accessibility"} {
		k.need("plain."+page+".title", "plain."+page+".text")
	}
	for _, status := range []string{"400", "403", "404", "405", "410", "413", "415", "500"} {
		k.need("failed."+status+".title", "failed."+status+".text")
	}
}

// style 26: every page, question, option, notice and code has its text, and no text is left over.
func TestEveryTextIsThereAndUsed(t *testing.T) {
	k := formKeys(form.Core())
	codeKeys(t, k)
	texts, err := web.NewCatalog().In("nl")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range sortedKeys(k.needed) {
		if !texts.Has(key) {
			t.Errorf("there is no text for %s", key)
		}
	}
	for _, key := range sortedKeys(residentTexts(t)) {
		base := strings.TrimSuffix(key, ".other") // said to who fills in for somebody else
		if !k.needed[key] && !k.allowed[key] && !k.needed[base] && !k.allowed[base] {
			t.Errorf("nothing uses the text %s", key)
		}
	}
}

// ux 10: an error says what to do and gives an example.
//
//ux:10
func TestEveryErrorGivesAnExample(t *testing.T) {
	words := map[string]string{
		"nl": "bijvoorbeeld", "nl-u": "bijvoorbeeld", "en": "for example", "ar": "مثلاً|مثلًا|مثال", "tr": "örneğin|örnek", "uk": "наприклад",
		"pl": "na przykład|np.", "ti": "ንኣብነት", "so": "tusaale",
	}
	for file, word := range words {
		example := regexp.MustCompile("(?i)" + word)
		texts, _ := textFile(t, file)
		for key, text := range texts {
			if strings.HasPrefix(key, "error.") || strings.Contains(key, ".error.") {
				if !example.MatchString(text) {
					t.Errorf("%s in %s gives no example: %s", key, file, text)
				}
			}
		}
	}
}

// ux 20, M6: Dutch at B1.
//
//ux:20
func TestTextsAreEasyToRead(t *testing.T) {
	const hard = `optioneel|verplicht veld|ongeldig|indien|middels|betreffende|dient|tevens|reeds|echter|alsmede|derhalve|conform|` +
		`omtrent|inzake|desbetreffende|ten behoeve|teneinde|gelieve|melding|regisseur|casus|tegenprestatie|zelfredzaam\w*`
	avoid := func(words string) *regexp.Regexp { return regexp.MustCompile(`(?i)\b(` + words + `)\b`) }
	for file, words := range map[string]string{
		"nl": hard + "|u|uw", "nl-u": hard, "frame.nl": hard + "|u|uw", "frame.nl-u": hard, "desk.nl-u": hard, "api.nl": "indien|middels|gelieve",
	} {
		t.Run(file, func(t *testing.T) {
			texts, _ := textFile(t, file)
			readsEasily(t, texts, avoid(words))
		})
	}
	for _, id := range []string{"waterstad", "duinrand"} {
		t.Run("own questions of "+id, func(t *testing.T) { readsEasily(t, ownQuestions(t, id), avoid(hard)) })
	}
}

// ownQuestions are the Dutch texts of a municipality's own questions.
func ownQuestions(t *testing.T, id string) map[string]string {
	t.Helper()
	data, err := schemas.Municipality(id)
	if err != nil {
		t.Fatal(err)
	}
	m, err := municipality.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, q := range m.Questions {
		said := q.Texts["nl"]
		texts[q.Key], texts[q.Key+".short"], texts[q.Key+".hint"] = said.Title, said.Short, said.Hint
		for option, text := range said.Options {
			texts[q.Key+"."+option] = text
		}
	}
	return texts
}

// readsEasily holds texts against B1: the length of their sentences, and words to avoid.
func readsEasily(t *testing.T, texts map[string]string, avoid *regexp.Regexp) {
	t.Helper()
	const mean, most = 10, 15 // words a sentence
	argument := regexp.MustCompile(`{{\.\w+}}`)
	end := regexp.MustCompile(`[.!?]+(\s|$)|\n`)
	words, sentences := 0, 0
	for key, text := range texts {
		for _, sentence := range end.Split(argument.ReplaceAllString(text, "X"), -1) {
			n := len(strings.Fields(sentence))
			if n == 0 {
				continue
			}
			words, sentences = words+n, sentences+1
			if n > most {
				t.Errorf("%s has a sentence of %d words: %s", key, n, sentence)
			}
		}
		if word := avoid.FindString(text); word != "" {
			t.Errorf("%s says %q", key, word)
		}
	}
	if words > mean*sentences {
		t.Errorf("%d words in %d sentences, want at most %d a sentence", words, sentences, mean)
	}
}

// toChildren says whether a text is for children, whom nobody calls u.
func toChildren(key string) bool {
	return slices.Contains([]string{"phone.child.note", "notice.child.title", "notice.child.text", "notice.young_child.text"}, key)
}

// M6: what says je has a twin that says u, and the twin says je nowhere.
//
// feature:M6
func TestEveryTextThatSaysJeHasATwinThatSaysU(t *testing.T) {
	variable := regexp.MustCompile(`{{\.\w+}}`)
	for _, part := range []string{"", "frame.", "desk."} {
		dutch, _ := textFile(t, part+"nl")
		u, _ := textFile(t, part+"nl-u")
		if part == "desk." { // of a worker's pages, what is read out to residents
			maps.DeleteFunc(dutch, func(key, _ string) bool { return !strings.HasPrefix(key, "desk.entry.script.") })
		}
		for key, text := range dutch {
			twin, there := u[key]
			if je := saysJe.MatchString(text) && !toChildren(key); je != there {
				t.Errorf("%s: says je %v, has a twin %v", key, je, there)
			}
			if there && !slices.Equal(variable.FindAllString(text, -1), variable.FindAllString(twin, -1)) {
				t.Errorf("%s: the twin fills in something else: %s", key, twin)
			}
		}
		for key, text := range u {
			if word := saysJe.FindString(text); word != "" || dutch[key] == "" {
				t.Errorf("%s says %q", key, word)
			}
		}
	}
}

// saysJe finds what is said to somebody in je.
var saysJe = regexp.MustCompile(`(?i)\b(je|jij|jou|jouw|jezelf|jullie)\b`)
