package message

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// keysInCode returns every key that the code says, with the names it fills in.
func keysInCode(t *testing.T) map[string][]string {
	t.Helper()
	used := map[string][]string{}
	files, err := parser.ParseDir(token.NewFileSet(), ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0) //nolint:staticcheck // no build tags here
	if err != nil {
		t.Fatal(err)
	}
	literal := func(e ast.Expr) string {
		lit, ok := e.(*ast.BasicLit)
		if !ok {
			t.Fatalf("a key or name of a text is computed: %v", e)
		}
		value, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	ast.Inspect(files["message"], func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if fun, ok := call.Fun.(*ast.SelectorExpr); !ok || fun.Sel.Name != "say" {
			return true
		}
		var names []string
		for i := 1; i < len(call.Args); i += 2 {
			names = append(names, literal(call.Args[i]))
		}
		slices.Sort(names)
		used[literal(call.Args[0])] = names
		return true
	})
	return used
}

func textsOf(t *testing.T, file string) map[string]string {
	t.Helper()
	data, err := textFiles.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var entries map[string]any
	if err := json.Unmarshal(data, &entries); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for key, entry := range entries {
		switch value := entry.(type) {
		case string:
			texts[key] = value
		case map[string]any:
			texts[key] = fmt.Sprint(value["other"])
		default:
			if key != checkedMark {
				t.Errorf("%s: %s is no text", file, key)
			}
		}
	}
	return texts
}

// toResidents says whether a key is one that residents are told.
func toResidents(key string) bool {
	return slices.ContainsFunc([]string{"greeting", "date.", "receipt.", "neutral."}, func(p string) bool { return strings.HasPrefix(key, p) })
}

// ux 19: every language has every text and what is filled in, or the gap is listed.
//
//ux:19
func TestEveryLanguageHasEveryKeyAndVariable(t *testing.T) {
	listed := gaps(t)
	variable := regexp.MustCompile(`{{\.(\w+)}}`)
	used := keysInCode(t)
	files, err := fs.Glob(textFiles, "texts/*.json")
	if err != nil {
		t.Fatal(err)
	}
	residents := maps.Clone(used)
	maps.DeleteFunc(residents, func(key string, _ []string) bool { return !toResidents(key) })
	for gap := range listed {
		lang, key, _ := strings.Cut(gap, " ")
		if _, used := residents[key]; !used || !slices.Contains(languages(), lang) || neverGap(key) {
			t.Errorf("testdata/gaps.txt lists %q, which can be no gap", gap)
		}
	}
	for _, file := range files {
		want := map[string][]string{}
		switch file {
		case "texts/nl.json":
			want = used
		case "texts/nl-u.json":
			for key := range textsOf(t, file) {
				want[key] = residents[key]
			}
		default:
			lang := strings.TrimSuffix(strings.TrimPrefix(file, "texts/"), ".json")
			want = maps.Clone(residents)
			maps.DeleteFunc(want, func(key string, _ []string) bool { return listed[lang+" "+key] })
		}
		there := map[string][]string{}
		for key, text := range textsOf(t, file) {
			var names []string
			for _, found := range variable.FindAllStringSubmatch(text, -1) {
				names = append(names, found[1])
			}
			slices.Sort(names) // a language has its own order
			there[key] = slices.Compact(names)
		}
		if diff := cmp.Diff(want, there); diff != "" {
			t.Errorf("%s: keys and variables differ (-code +file):\n%s", file, diff)
		}
	}
}

// M6: what says je to a resident has a twin that says u, and the twin says je nowhere.
//
// feature:M6
func TestEveryTextThatSaysJeHasATwinThatSaysU(t *testing.T) {
	je := regexp.MustCompile(`(?i)\b(je|jij|jou|jouw|jezelf|jullie)\b`)
	dutch, u := textsOf(t, "texts/nl.json"), textsOf(t, "texts/nl-u.json")
	for key, text := range dutch {
		if _, twin := u[key]; toResidents(key) && je.MatchString(text) != twin {
			t.Errorf("%s: says je %v, has a twin %v", key, je.MatchString(text), twin)
		}
	}
	for key, text := range u {
		if word := je.FindString(text); word != "" {
			t.Errorf("%s says %q", key, word)
		}
	}
}

// sentence ends: a full stop inside "17.00 uur" ends none.
var sentenceEnd = regexp.MustCompile(`[.!?:](\s+|$)`)

//ux:20
func TestMailsArePlainDutch(t *testing.T) {
	hard := []string{
		"verplicht", "optioneel", "ongeldig", "middels", "dient", "betreffende", "teneinde", "indien", "derhalve", "cliënt ",
		"aanvraag", "zelfregie", "tegenprestatie", "onderstaande", "bovenstaande",
	}
	t.Run("with je", func(t *testing.T) { plainDutch(t, false, append(hard, "u ", "uw ")) })
	t.Run("with u", func(t *testing.T) { plainDutch(t, true, hard) })
}

// plainDutch holds every mail in Dutch against B1: the length of its sentences, and words to avoid.
func plainDutch(t *testing.T, u bool, avoid []string) {
	t.Helper()
	texts, err := new(catalog).in("nl", u)
	if err != nil {
		t.Fatal(err)
	}
	for name, letter := range letters(t) {
		p, err := compose(letter, texts)
		if err != nil {
			t.Fatal(err)
		}
		words, sentences := 0, 0
		for _, part := range p.Parts {
			for _, sentence := range sentenceEnd.Split(part.Paragraph.Text, -1) {
				n := len(strings.Fields(sentence))
				if n == 0 {
					continue
				}
				words, sentences = words+n, sentences+1
				if n > 15 {
					t.Errorf("%s: %d words: %s", name, n, sentence)
				}
			}
			for _, word := range avoid {
				if strings.Contains(strings.ToLower(part.Paragraph.Text)+" ", " "+word) {
					t.Errorf("%s: %q is not B1: %s", name, word, part.Paragraph.Text)
				}
			}
		}
		if mean := float64(words) / float64(sentences); mean > 10 {
			t.Errorf("%s: %.1f words a sentence, want at most 10", name, mean)
		}
	}
}

func TestALanguageWithoutTextsGetsDutch(t *testing.T) {
	for _, lang := range []string{"", "xx", "../nl", "nl", "nl-u"} {
		texts, err := new(catalog).in(lang, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := texts.say("greeting").Text; texts.lang != "nl" || got != "Hallo," {
			t.Errorf("in %q: language %q, greeting %q", lang, texts.lang, got)
		}
	}
}

func TestATextThatIsMissingStopsTheMail(t *testing.T) {
	texts, err := new(catalog).in("nl", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := compose(sayer("no.such.key"), texts); err == nil {
		t.Error("compose = nil error, want one that names the key")
	}
}

type sayer string

func (s sayer) write(p *page, t texts) { p.paragraph(t.say(string(s))) }
