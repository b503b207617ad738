package web_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/casework"
	"voordeur/internal/web"
)

// languages are the languages of residents' pages besides Dutch.
func languages() []string { return []string{"en", "ar", "tr", "uk", "pl", "ti", "so"} }

// fullTexts are all texts of residents' pages in a language.
func fullTexts(t *testing.T, lang string) map[string]string {
	t.Helper()
	all, _ := textFile(t, lang)
	frame, _ := textFile(t, "frame."+lang)
	maps.Copy(all, frame)
	return all
}

// variables are what a text fills in, in any order. Only the team's name may be left out: its words are Dutch.
func variables(text string) []string {
	found := regexp.MustCompile(`{{\.\w+}}`).FindAllString(text, -1)
	found = slices.DeleteFunc(found, func(v string) bool { return v == "{{.Team}}" })
	slices.Sort(found)
	return append([]string{}, slices.Compact(found)...)
}

// ux 19: every language has every text and what is filled in, or testdata/gaps.txt lists "{language} {key}". Every file
// but the Dutch ones says whether a native reader has checked it.
//
//ux:19
func TestEveryLanguageHasEveryTextOrAListedGap(t *testing.T) {
	data, err := os.ReadFile("testdata/gaps.txt")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			listed[line] = true
		}
	}
	dutch, never := fullTexts(t, "nl"), neverGaps(t)
	gaps := map[string]bool{}
	for _, lang := range languages() {
		for _, part := range []string{"", "frame."} {
			if _, mark := textFile(t, part+lang); mark != "true" && mark != "false" {
				t.Errorf("%s%s does not say whether it was checked", part, lang)
			}
		}
		texts := fullTexts(t, lang)
		for key := range texts {
			if _, ok := dutch[key]; !ok {
				t.Errorf("%s has %s, which Dutch lacks", lang, key)
			}
		}
		for key, text := range dutch {
			switch got := texts[key]; {
			case got == "" && never[key]:
				t.Errorf("%s lacks %s, which no language may lack", lang, key)
			case got == "":
				gaps[lang+" "+key] = true
			default:
				if diff := cmp.Diff(variables(text), variables(got)); diff != "" {
					t.Errorf("%s: %s fills in something else (-Dutch):\n%s", lang, key, diff)
				}
			}
		}
	}
	if diff := cmp.Diff(listed, gaps); diff != "" {
		t.Errorf("testdata/gaps.txt (-listed) and what is not translated yet (+there) differ:\n%s", diff)
	}
}

// How long a form that is not sent is kept stands on the page about one's own data in every language, with a code and
// without, and no language counts the cookies: there is one of the form and one of the own page.
//
// feature:A9
//
//ux:19
func TestHowLongAFormIsKeptIsSaidAsItIs(t *testing.T) {
	days := regexp.MustCompile(fmt.Sprintf(`\b%d\b`, casework.ResumeCodeLasts/(24*time.Hour)))
	for _, lang := range append(languages(), "nl", "nl-u") {
		texts, _ := textFile(t, lang)
		all := strings.Split(texts["plain.privacy.text"], "\n")
		if line := all[5]; !strings.Contains(line, "72") || !days.MatchString(line) {
			t.Errorf("%s: a form is kept %q", lang, line)
		}
		if line := all[9]; !strings.Contains(line, "cookie") || regexp.MustCompile(`één|one cookie|jednego|один`).MatchString(line) {
			t.Errorf("%s: cookies are said as %q", lang, line)
		}
	}
}

// neverGaps are the keys that no language may lack: safety texts, and what stands in an attribute, which cannot say that
// it is Dutch, or inside another text.
func neverGaps(t *testing.T) map[string]bool {
	t.Helper()
	never := map[string]bool{"frame.exit": true, "frame.help_danger": true, "start.alone_exit": true, "frame.unchecked": true}
	for key := range fullTexts(t, "nl") {
		if slices.ContainsFunc([]string{"phone.", "notice.", "date."}, func(p string) bool { return strings.HasPrefix(key, p) }) {
			never[key] = true
		}
	}
	attribute := regexp.MustCompile(`="{{t "([^"]+)"}}`)
	err := filepath.WalkDir("templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range attribute.FindAllStringSubmatch(string(data), -1) {
			if !strings.HasPrefix(m[1], "desk.") {
				never[m[1]] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !never["frame.bar"] {
		t.Error("found no text in an attribute")
	}
	return never
}

// Nothing is left in Dutch by accident: what reads the same in both languages stands in this list.
//
//ux:19
func TestNoTranslationIsDutch(t *testing.T) {
	same := map[string][]string{
		"date.day":                   {"en", "ar", "ti", "so"}, // names only
		"date.full":                  languages(),              // names only
		"frame.nav":                  {"en", "pl"},
		"frame.thousands":            {"tr", "so"},
		"q.contact_way.option.email": {"en", "pl"},
		"q.helpers.relation.partner": {"en"},
		"q.language.option.ti":       {"en", "tr", "so"},
		"q.postcode.short":           {"en"},
	}
	dutch := fullTexts(t, "nl")
	for _, lang := range languages() {
		for key, text := range fullTexts(t, lang) {
			if text == dutch[key] && !slices.Contains(same[key], lang) {
				t.Errorf("%s: %s is Dutch: %s", lang, key, text)
			}
		}
	}
}

//ux:18
func TestNumbersAreInLatinDigits(t *testing.T) {
	for _, lang := range languages() {
		for key, text := range fullTexts(t, lang) {
			if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsNumber(r) && (r < '0' || r > '9') }); i >= 0 {
				t.Errorf("%s: %s has a digit that is not Latin: %s", lang, key, text)
			}
		}
	}
}

// T13: in text that runs from right to left, what runs the other way is kept together: a name, a number of several parts,
// a mail address.
//
// threat:T13
//
//ux:18
func TestNamesAndNumbersAreIsolatedFromRightToLeft(t *testing.T) {
	loose := regexp.MustCompile(`[\w.-]+@[\w.-]+|\d+[ -]\d+|\d+ [A-Z]+\b|{{\.(Municipality|Team|Number|Name|Reference|Spelled|Answer|Code)}}`)
	isolated := regexp.MustCompile(`[\x{2066}-\x{2068}][^\x{2066}-\x{2069}]*\x{2069}`)
	for key, text := range fullTexts(t, "ar") {
		if found := loose.FindString(isolated.ReplaceAllString(text, "")); found != "" {
			t.Errorf("%s does not isolate %q", key, found)
		}
	}
}

// ux 16, T01: a title stands in the browser's history, in every language. An address is the same in all of them.
//
// threat:T01
//
//ux:16
func TestTitlesGiveNothingAwayInAnyLanguage(t *testing.T) {
	topics := map[string]string{
		"nl": `schuld|geld|wonen|kind|veilig|geweld|verslav|drugs|alcohol|zelfmoord|eenzaam|politie|ziek|stress`,
		"en": `debt|money|housing|child|safe|violen|abuse|addict|drug|alcohol|suicid|lonel|police|sick|stress|danger`,
		"ar": `ديون|دين|نقود|مال\b|طفل|أطفال|آمن|أمان|عنف|إدمان|مخدر|كحول|انتحار|وحيد|وحدة|شرطة|مريض|خطر`,
		"tr": `borç|para\b|konut|çocuk|güven|şiddet|bağımlı|uyuşturucu|alkol|intihar|yalnız|polis|hasta|tehlike`,
		"uk": `борг|грош|житло|дитин|діт|безпе|насил|залежн|наркот|алкогол|самогуб|самотн|поліці|хвор`,
		"pl": `zadłuż|długów|pieni|mieszkani|dzie[cć]|bezpiecz|przemoc|uzależn|narkot|alkohol|samob|samotn|policj|chor`,
		"ti": `ዕዳ|ገንዘብ|ቆልዓ|ቆልዑ|ድሕነት|ውሑስ|ጎነጽ|ዓመጽ|ወልፊ|ሓሽሽ|ኣልኮል|ቅትለት|ጽምዋ|ፖሊስ|ሕማም|ሓደጋ`,
		"so": `deyn|lacag|carruur|ilmo|badbaad|ammaan|rabsho|qabatin|daroogo|khamr|isdil|cidlo|boolis|jirro|khatar`,
	}
	for lang, words := range topics {
		topic, found := regexp.MustCompile(`(?i)`+words), 0
		for key, text := range fullTexts(t, lang) {
			base := strings.TrimSuffix(key, ".other")
			if !strings.HasSuffix(base, ".title") || strings.HasPrefix(key, "q.") || strings.HasPrefix(key, "notice.") {
				continue
			}
			found++
			if word := topic.FindString(text); word != "" {
				t.Errorf("%s: the title %s says %q: %s", lang, key, word, text)
			}
		}
		if found < 40 {
			t.Errorf("%s has %d titles, want all of them", lang, found)
		}
		if texts := fullTexts(t, lang); !topic.MatchString(texts["q.areas.option.money"] + texts["notice.unsafe.title"] + texts["q.safe_now.title"]) {
			t.Errorf("%s: the list of words finds no topic", lang)
		}
	}
}

// ux 19: each translation says, in the language and in Dutch, that nobody has checked it.
//
//ux:19
func TestEveryUncheckedLanguageIsOfferedAndMarked(t *testing.T) {
	r := openDoor(t).resident(t)
	for _, lang := range languages() {
		p := r.get("/?taal=" + lang)
		mark := p.Find("main > p").First()
		if checked, err := web.NewCatalog().Checked(lang); err != nil || checked {
			t.Errorf("%s is checked: %v, error %v", lang, checked, err)
		}
		if want := fullTexts(t, lang)["frame.unchecked"] + " Deze vertaling is nog niet nagekeken."; p.language() != lang || text(mark) != want {
			t.Errorf("%s: the page in %s says %q, want %q", lang, p.language(), text(mark), want)
		}
	}
}
