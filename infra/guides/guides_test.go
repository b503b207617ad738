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
	made := regexp.MustCompile(`--(?:target-table|backup|role)-name \$M-([a-z-]+[a-z])`) // by the reader, in the guide itself
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

// A command that AWS takes, and that leaves the reader worse off without one word, has that word.
func TestCommandsThatGoWrongWithoutAWordHaveIt(t *testing.T) {
	for path, wants := range map[string]map[string]string{
		// What was made stays when a first deployment goes back, and the next one meets its names.
		".github/guides/municipality/README.md": {`npx cdk deploy "$M/data"`: "--no-rollback"},
		// The role that makes backups cannot restore.
		".github/guides/operator/restore.md": {"aws backup start-restore-job": "--iam-role-arn arn:aws:iam::$A:role/$M-restore"},
	} {
		commands := strings.Split(strings.ReplaceAll(code(read(t, path)), "\\\n", ""), "\n")
		for command, word := range wants {
			found := slices.DeleteFunc(slices.Clone(commands), func(line string) bool { return !strings.HasPrefix(line, command) })
			if len(found) != 1 || !strings.Contains(found[0], word) {
				t.Errorf("%s says %q, want one %s with %s", path, found, command, word)
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

// A worker who gets a mail that the guide does not name wonders whether it is for them.
func TestTheWorkersGuideNamesEveryMailToAWorker(t *testing.T) {
	var texts map[string]any
	if err := json.Unmarshal([]byte(read(t, "internal/message/texts/nl.json")), &texts); err != nil {
		t.Fatal(err)
	}
	guide := spaced(read(t, ".github/guides/worker/README.md"))
	toOthers := []string{"receipt.subject", "smoke_test.subject"}
	named := 0
	for key, text := range texts {
		subject, isText := text.(string)
		if !isText || !strings.HasSuffix(key, ".subject") || slices.Contains(toOthers, key) {
			continue
		}
		named++
		if subject = strings.ReplaceAll(subject, "{{.Number}}", "…"); !strings.Contains(guide, "*"+subject+"*") {
			t.Errorf("it does not name the mail %q", subject)
		}
	}
	if named == 0 {
		t.Error("no mail was looked at")
	}
}

// A works council, a privacy officer and whoever keeps the register hold a municipality to the numbers of these texts. Each
// stands in the code as it stands here: who changes one reads the other again.
func TestNumbersThatAMunicipalityCountsOnAreTheCodes(t *testing.T) {
	const council, register, annex, worker = "municipality/ondernemingsraad.md", "municipality/algoritmeregister.md", "municipality/dpia-annex.md", "worker/README.md"
	for _, held := range []struct{ guide, words, file, code string }{
		{council, "Een dringende casus telt 3, een snelle 2, een gewone 1.", "internal/routing/facts.go", "case municipality.P1: return 3 case municipality.P2: return 2 case municipality.P3: return 1"},
		{council, "maal [0,5] per uur", "schemas/municipalities/waterstad.json", `"points_per_hour": 0.5,`},
		{council, "met netwerkadres, een jaar", "infra/stack/backups.go", "Expiration: awscdk.Duration_Days(jsii.Number(365))"},
		{register, "een dag binnen drie werkdagen", "internal/routing/facts.go", "urgentWorkingDays = 3"},
		{register, "zo'n dag binnen veertien dagen", "internal/routing/facts.go", "soonCalendarDays = 14"},
		{register, "binnen vijftien seconden", "internal/casework/suspicion.go", "FastestFill: 15 * time.Second"},
		{register, "meer dan twintig formulieren in een uur", "internal/casework/suspicion.go", "MostBegun: 20}"},
		{annex, "bestaan nog 35 dagen", "infra/stack/tables.go", "keepDays = 35"},
		{annex, "| drie maanden |", "infra/stack/functions.go", "Retention: awslogs.RetentionDays_THREE_MONTHS"},
		{annex, "| 365 dagen |", "infra/stack/backups.go", "Expiration: awscdk.Duration_Days(jsii.Number(365))"},
		{annex, "| 14 dagen |", "infra/stack/operations.go", "RetentionPeriod: awscdk.Duration_Days(jsii.Number(14))"},
		{annex, "| vijf jaar, op slot |", "infra/stack/digests.go", "digestsLocked = 1827"},
		{annex, "| vijf minuten; er blijft niets van bewaard |", "infra/stack/acl.go", "EvaluationWindowSec: jsii.Number(300)"},
		{annex, "De link werkt 400 dagen.", "internal/casework/intake.go", "LinkLasts = 400 * 24 * time.Hour"},
		{annex, "72 uur na de laatste wijziging", "internal/seal/draft.go", "DraftLasts = 72 * time.Hour"},
		{annex, "14 dagen na de laatste vraag om de code", "internal/casework/resume.go", "ResumeCodeLasts = 14 * 24 * time.Hour"},
		{annex, "**herhaling**: 30 dagen.", "internal/casework/once.go", "RepeatsFor = 30 * 24 * time.Hour"},
		{annex, "**zitting**: Hoogstens 10 uur. Na een dag", "internal/dynamo/short.go", "sessionKept = 24 * time.Hour"},
		{annex, "Na 60 minuten stil opnieuw aanmelden", "internal/casework/session.go", "SessionIdle = 60 * time.Minute SessionLasts = 10 * time.Hour"},
		{annex, "**weken**: Vijf weken.", "internal/dynamo/digest.go", "hashesLast = 35 * 24 * time.Hour"},
		{annex, "**proef**: Een dag.", "internal/casework/smoke.go", "SmokeTestLasts = 24 * time.Hour"},
		{"municipality/zaaksysteem.md", "binnen vijf werkdagen bevestigen", "internal/casework/deadlines.go", "handOffTerm = 5"},
		{"municipality/zaaksysteem.md", "hoogstens honderd", "internal/dynamo/handoff.go", "handOffsMost = 100"},
		{"municipality/people.md", "meer dan 99 regels", "internal/dynamo/staff.go", "staffMost = 99"},
		{"municipality/people.md", "0 tot en met 48", "infra/people/read.go", "hoursMost = 48"},
		{"municipality/README.md", "De uitnodiging geldt drie dagen.", "infra/stack/signin.go", "TemporaryPasswordValidityDays: jsii.Number(3)"},
		{"municipality/README.md", "drie keer kijken", "internal/casework/quarantine.go", "SampleLeast = 3"},
		{worker, "Je leest vier uur mee.", "internal/casework/deadlines.go", "glassLasts = 4 * time.Hour"},
		{worker, "Tot een half jaar na het afsluiten", "internal/casework/deadlines.go", "reopenMonths = 6"},
		{worker, "tot tien werkdagen later", "internal/casework/merge.go", "unmergeTerm = 10"},
		{worker, "binnen een werkdag", "internal/casework/by_hand.go", "tellWithin = 1"},
		{worker, "Tien dagen lang kun je alles terugdraaien", "internal/casework/quarantine.go", "CloseUndone = 10 * 24 * time.Hour"},
		{worker, "Bekijk er drie.", "internal/casework/quarantine.go", "SampleLeast = 3"},
		{worker, "veertig keer per uur zoeken", "internal/casework/search.go", "SearchesMost = 40"},
		{worker, "wat binnen vijf werkdagen af moet", "internal/web/desk_today.go", "soonDays = 5"},
	} {
		if !strings.Contains(spaced(read(t, ".github/guides/"+held.guide)), held.words) {
			t.Errorf("%s does not say %q", held.guide, held.words)
		}
		if !strings.Contains(spaced(read(t, held.file)), held.code) {
			t.Errorf("%s has no %q any more, which %q of %s stands for", held.file, held.code, held.words, held.guide)
		}
	}
}

// spaced is a text with one space wherever there is any, and without the marks of a quotation.
func spaced(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "\n>", "\n")), " ")
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
