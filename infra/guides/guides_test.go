// Package guides_test follows the guides as far as a machine can: what they link to, tell to run and name must be there.
package guides_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the top of the repository.
const root = "../.."

// page is a page of the guides or a decision record.
type page struct {
	path string // below root
	text string
}

// pages reads every page below a folder.
func pages(t *testing.T, folder string) []page {
	t.Helper()
	var all []page
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".md" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		all = append(all, page{rel, string(text)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatalf("there is no page below %s", folder)
	}
	return all
}

func guides(t *testing.T) []page { return pages(t, ".github/guides") }

// links finds Markdown links to pages of our own, with the heading they point at.
var links = regexp.MustCompile(`\]\(([^)#:]*)(#[^)]*)?\)`)

func TestEveryLinkLeadsToAPageAndAHeading(t *testing.T) {
	for _, p := range append(guides(t), pages(t, ".github/decisions")...) {
		for _, link := range links.FindAllStringSubmatch(p.text, -1) {
			to := p.path
			if link[1] != "" {
				to = filepath.Join(filepath.Dir(p.path), link[1])
			}
			info, err := os.Stat(filepath.Join(root, to))
			if err != nil {
				t.Errorf("%s links to %s, which is not there", p.path, link[1])
				continue
			}
			if heading := strings.TrimPrefix(link[2], "#"); heading != "" && !info.IsDir() && !slices.Contains(headings(t, to), heading) {
				t.Errorf("%s links to %s, which has no heading %q", p.path, to, heading)
			}
		}
	}
}

// headings returns the anchors of a page's headings, made as GitHub makes them.
func headings(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	drop := regexp.MustCompile(`[^\p{L}\p{N} -]`)
	var all []string
	for line := range strings.Lines(string(text)) {
		if title, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			all = append(all, strings.ReplaceAll(drop.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), ""), " ", "-"))
		}
	}
	return all
}

func TestEveryCommandInTheGuidesExists(t *testing.T) {
	makefile := read(t, "Makefile")
	for _, p := range guides(t) {
		for _, m := range regexp.MustCompile(`go run (\./\S+?)[\s\x60]`).FindAllStringSubmatch(p.text+"\n", -1) {
			if _, err := os.Stat(filepath.Join(root, m[1], "main.go")); err != nil {
				t.Errorf("%s runs %s, which is no command", p.path, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`(?:^|[\x60\s&])make ([a-z]+)\b`).FindAllStringSubmatch(code(p.text), -1) {
			if !regexp.MustCompile(`(?m)^` + m[1] + `:`).MatchString(makefile) {
				t.Errorf("%s says make %s, which the Makefile does not have", p.path, m[1])
			}
		}
	}
}

// code is what of a page stands in code blocks and between back quotes.
func code(text string) string {
	var all []string
	for i, part := range strings.Split(text, "```") {
		if i%2 == 1 {
			all = append(all, part)
			continue
		}
		all = append(all, regexp.MustCompile("`[^`]+`").FindAllString(part, -1)...)
	}
	return strings.Join(all, "\n")
}

func TestEveryFileThatTheGuidesNameExists(t *testing.T) {
	named := regexp.MustCompile("`((?:internal|infra|functions|schemas|\\.github|\\.tools)/[A-Za-z0-9_./-]+|(?:[a-z_]+\\.go))`")
	var names []string // of every file, for those that are named without their folder
	for _, top := range []string{"internal", "infra", "functions", "schemas"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, _ fs.DirEntry, err error) error {
			names = append(names, filepath.Base(path))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range guides(t) {
		for _, m := range named.FindAllStringSubmatch(p.text, -1) {
			file := strings.TrimSuffix(m[1], ".")
			if !strings.Contains(file, "/") {
				if !slices.Contains(names, file) {
					t.Errorf("%s names %s, which is nowhere", p.path, file)
				}
				continue
			}
			if _, err := os.Stat(filepath.Join(root, file)); err != nil {
				t.Errorf("%s names %s, which is not there", p.path, file)
			}
		}
	}
}

// A runbook that searches for a line nobody logs finds nothing, and at three at night that looks like good news.
func TestEveryLineThatARunbookSearchesForIsLogged(t *testing.T) {
	sources := goSources(t)
	searched := regexp.MustCompile(`\$\.(message|type) = "([^"]+)"`)
	attribute := regexp.MustCompile(`\$\.([a-z_]+) (?:>|>=|<|=)`)
	ofAWS := []string{"level", "message", "type", "status", "route"} // every line's, or the access log's
	n := 0
	for _, p := range guides(t) {
		for _, m := range searched.FindAllStringSubmatch(p.text, -1) {
			n++
			if m[1] == "message" && !strings.Contains(sources, `"`+m[2]+`"`) {
				t.Errorf("%s searches for %q, which nothing logs", p.path, m[2])
			}
		}
		for _, m := range attribute.FindAllStringSubmatch(p.text, -1) {
			if !slices.Contains(ofAWS, m[1]) && !strings.Contains(sources, `"`+m[1]+`"`) {
				t.Errorf("%s searches for the attribute %q, which nothing logs", p.path, m[1])
			}
		}
	}
	if n == 0 {
		t.Error("no search was looked at")
	}
}

func goSources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, top := range []string{"internal", "functions"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			all.Write(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// What the stack calls its things stands there once; the guides must use the same words.
func TestEveryNameOfTheStackInTheGuidesIsTheStacksOwn(t *testing.T) {
	var source strings.Builder
	files, err := filepath.Glob(filepath.Join(root, "infra/stack/*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	ids := slices.Collect(maps.Keys(runbooks(t)))
	named := regexp.MustCompile(`\$M-([a-z-]+[a-z])`)
	made := regexp.MustCompile(`--(?:target-table|backup)-name \$M-([a-z-]+[a-z])`) // by the reader, in the guide itself
	for _, p := range guides(t) {
		for _, m := range named.FindAllStringSubmatch(p.text, -1) {
			ours := strings.Contains(source.String(), `"`+m[1]+`"`) || strings.Contains(source.String(), `"-`+m[1]+`"`)
			theirs := slices.ContainsFunc(made.FindAllStringSubmatch(p.text, -1), func(r []string) bool { return r[1] == m[1] })
			if !ours && !theirs && !slices.Contains(ids, m[1]) {
				t.Errorf("%s names $M-%s, which the stack does not make", p.path, m[1])
			}
		}
	}
}

// runbooks are the runbooks by their alarm.
func runbooks(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, p := range pages(t, ".github/guides/operator/alarms") {
		all[strings.TrimSuffix(filepath.Base(p.path), ".md")] = p.text
	}
	return all
}

func TestEveryRunbookSaysTheSameThingsInTheSamePlaces(t *testing.T) {
	const most = 40 // lines: it is read at night
	parts := []string{"\n\n**For people.** ", "\n\n**Rings** ", "\n\n## First five minutes\n\n1. ", "\n\n## See\n\n```\n", "\n\n## End it\n\n- ", "\n\n**Wake:** ", "\n\n**Do not** "}
	index := read(t, ".github/guides/operator/alarms.md")
	for id, text := range runbooks(t) {
		if !strings.HasPrefix(text, "# "+id+"\n") {
			t.Errorf("%s has another title", id)
		}
		rest := text
		for _, part := range parts {
			_, after, ok := strings.Cut(rest, part)
			if !ok {
				t.Errorf("%s lacks %q, or has it elsewhere", id, strings.TrimSpace(part))
				break
			}
			rest = after
		}
		if n := strings.Count(text, "\n"); n > most {
			t.Errorf("%s has %d lines, want at most %d", id, n, most)
		}
		if strings.Count(index, "(alarms/"+id+".md)") != 1 {
			t.Errorf("%s does not stand once in alarms.md", id)
		}
	}
}

// Guides are read by people who have little time. Dutch ones are held to short sentences; a table's cell, an item of a
// list and a line of a form are sentences too.
func TestTheDutchGuidesSpeakPlainly(t *testing.T) {
	const mean, most = 12, 26 // words a sentence
	avoid := []string{"verplicht veld", "ongeldig", "optioneel", "middels", "indien", "alsmede", "teneinde", "inzake"}
	block := regexp.MustCompile("(?s)```.*?```")
	end := regexp.MustCompile(`[.?!:;|·]\s|[.?!:;|]$|\n(?:> ?)?\n|\n(?:> )?- |\n\d+\. `)
	for _, folder := range []string{".github/guides/municipality", ".github/guides/worker"} {
		for _, p := range pages(t, folder) {
			text := block.ReplaceAllString(p.text, "\n\n")
			words, sentences := 0, 0
			for _, sentence := range end.Split(text, -1) {
				n := len(strings.Fields(sentence))
				if n == 0 {
					continue
				}
				words, sentences = words+n, sentences+1
				if n > most {
					t.Errorf("%s: %d words in one sentence: %s", p.path, n, strings.TrimSpace(sentence))
				}
			}
			if words > mean*sentences {
				t.Errorf("%s: %d words in %d sentences, want at most %d a sentence", p.path, words, sentences, mean)
			}
			for _, word := range avoid {
				if strings.Contains(strings.ToLower(text), word) {
					t.Errorf("%s says %q", p.path, word)
				}
			}
		}
	}
}

// Whoever copies a municipality's file changes what the guide names; what it forgot stays the other municipality's.
func TestTheMunicipalitysGuideNamesEveryPartOfItsFile(t *testing.T) {
	var schema struct {
		Properties map[string]struct{ Properties map[string]any }
	}
	if err := json.Unmarshal([]byte(read(t, "schemas/2026-11/municipality.schema.json")), &schema); err != nil {
		t.Fatal(err)
	}
	guide := read(t, ".github/guides/municipality/README.md")
	for _, part := range slices.Sorted(maps.Keys(schema.Properties)) {
		if !strings.Contains(guide, "`"+part+"`") {
			t.Errorf("it does not name %s", part)
		}
	}
	for part := range schema.Properties["deployment"].Properties {
		if !strings.Contains(guide, "`"+part+"`") {
			t.Errorf("it does not name deployment.%s", part)
		}
	}
}

// What the workers' guide emphasises is what stands on a screen or in a mail, word for word.
func TestTheWorkersGuideQuotesTheScreens(t *testing.T) {
	texts := read(t, "internal/web/texts/desk.nl.json") + read(t, "internal/web/texts/nl.json") + read(t, "internal/message/texts/nl.json")
	texts = regexp.MustCompile(`{{[^}]*}}`).ReplaceAllString(texts, "…")
	quoted := regexp.MustCompile(`\*\*?([^*\n]+)\*`).FindAllStringSubmatch(read(t, ".github/guides/worker/README.md"), -1)
	if len(quoted) == 0 {
		t.Error("nothing is quoted")
	}
	for _, m := range quoted {
		if words := strings.Trim(m[1], ": …"); !strings.Contains(texts, words) {
			t.Errorf("no screen and no mail says %q", words)
		}
	}
}

// Every decision says what was decided, why, and what it costs.
func TestEveryDecisionHasItsReasonAndItsPrice(t *testing.T) {
	numbers := map[string]string{}
	for _, p := range pages(t, ".github/decisions") {
		number, _, _ := strings.Cut(filepath.Base(p.path), "-")
		if other, taken := numbers[number]; taken {
			t.Errorf("%s and %s have one number", p.path, other)
		}
		numbers[number] = p.path
		if !strings.HasPrefix(p.text, "# "+strings.TrimLeft(number, "0")+". ") || !strings.Contains(p.text, "**Decision.**") || !strings.Contains(p.text, "**Why") {
			t.Errorf("%s lacks its number, its decision or its reason", p.path)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
