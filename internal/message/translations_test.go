package message

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// gaps are the texts that a language lacks and is known to lack, as "{language} {key}" in testdata/gaps.txt.
func gaps(t *testing.T) map[string]bool {
	t.Helper()
	data, err := os.ReadFile("testdata/gaps.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all[line] = true
		}
	}
	return all
}

// neverGap says whether a text must be there in every language: a safety text, what stands inside another text, and a
// subject, which cannot say its language.
func neverGap(key string) bool {
	return key == "receipt.until_then" || key == "receipt.subject" || strings.HasPrefix(key, "date.")
}

// lacking is a mail's texts in a language that lacks "missing".
func lacking(t *testing.T, lang string) texts {
	t.Helper()
	bundle := i18n.NewBundle(language.Dutch)
	add := func(tag language.Tag, m ...*i18n.Message) {
		if err := bundle.AddMessages(tag, m...); err != nil {
			t.Fatal(err)
		}
	}
	add(language.Dutch, &i18n.Message{ID: "greeting", Other: "Hallo,"}, &i18n.Message{ID: "missing", Other: "Dag {{.Name}}"},
		&i18n.Message{ID: "days", One: "{{.Count}} dag", Other: "{{.Count}} dagen"})
	add(language.Arabic, &i18n.Message{ID: "greeting", Other: "مرحباً،"}, &i18n.Message{
		ID: "days", Zero: "لا أيام", One: "يوم واحد", Two: "يومان", Few: "{{.Count}} أيام", Many: "{{.Count}} يوماً", Other: "{{.Count}} يوم",
	})
	add(language.Polish, &i18n.Message{ID: "days", One: "{{.Count}} dzień", Few: "{{.Count}} dni", Many: "{{.Count}} dni!", Other: "{{.Count}} dnia"})
	return texts{mail: lang, lang: lang, bundle: bundle, failed: new(error)}
}

// everywhere says one text wherever a mail can.
type everywhere struct{}

func (everywhere) write(p *page, t texts) {
	p.paragraph(t.say("missing", "Name", "<Sam>"))
	p.facts(fact{t.say("missing", "Name", "Noor"), "1"})
	p.link(t.say("missing", "Name", "Daan"), "https://hulp.example/")
}

// ux 19: a text that the language lacks is said in Dutch, and says that it is.
//
//ux:19
func TestATextThatTheLanguageLacksIsMarkedAsDutch(t *testing.T) {
	p, err := compose(everywhere{}, lacking(t, "ar"))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parseTemplates()()
	if err != nil {
		t.Fatal(err)
	}
	text, html, err := parsed.render(p)
	if err != nil {
		t.Fatal(err)
	}
	if want := "مرحباً،\n\nDag <Sam>\n\nDag Noor: \u20681\u2069\n\nDag Daan:\nhttps://hulp.example/\n"; text != want {
		t.Errorf("text %q, want %q", text, want)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	var dutch []string
	doc.Find(`body [lang="nl"][dir="ltr"]`).Each(func(_ int, s *goquery.Selection) { dutch = append(dutch, s.Text()) })
	if diff := cmp.Diff([]string{"Dag <Sam>", "Dag Noor", "Dag Daan"}, dutch); diff != "" {
		t.Errorf("marked as Dutch (-want +got):\n%s", diff)
	}
	if html := doc.Find("html"); html.AttrOr("lang", "") != "ar" || html.AttrOr("dir", "") != "rtl" {
		t.Error("the mail does not say that it is in Arabic")
	}
}

func TestMailsCountAsTheLanguageDoes(t *testing.T) {
	tests := map[string]struct {
		lang  string
		count int
		want  string
	}{
		"none, in Arabic":     {"ar", 0, "لا أيام"},
		"one, in Arabic":      {"ar", 1, "يوم واحد"},
		"two, in Arabic":      {"ar", 2, "يومان"},
		"three, in Arabic":    {"ar", 3, "3 أيام"},
		"eleven, in Arabic":   {"ar", 11, "11 يوماً"},
		"hundred, in Arabic":  {"ar", 100, "100 يوم"},
		"two, in Polish":      {"pl", 2, "2 dni"},
		"five, in Polish":     {"pl", 5, "5 dni!"},
		"one, in Dutch":       {"nl", 1, "1 dag"},
		"more, said in Dutch": {"so", 2, "2 dagen"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := lacking(t, test.lang).say("days", "Count", test.count).Text; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A safety text stands in Dutch beside its translation, under no safety flag alone: a neutral mail has none.
func TestTheReceiptSaysWhomToCallInDutchToo(t *testing.T) {
	w, all := NewWriter(waterstad(t)), letters(t)
	for _, lang := range languages() {
		for name, want := range map[string]int{"receipt": 1, "receipt_other": 1, "receipt_neutral": 0} {
			m := writeIn(t, w, all[name], lang, false)
			doc, err := goquery.NewDocumentFromReader(strings.NewReader(m.HTML))
			if err != nil {
				t.Fatal(err)
			}
			dutch := doc.Find(`body [lang="nl"]`)
			if dutch.Length() != want || want == 1 && !strings.Contains(dutch.Text(), "Is er nu gevaar? Bel 112.") {
				t.Errorf("%s in %s says in Dutch: %q", name, lang, dutch.Text())
			}
		}
	}
}

//ux:25
func TestTextAndHTMLSayTheSameInEveryLanguage(t *testing.T) {
	w, all := NewWriter(waterstad(t)), letters(t)
	isolates := strings.NewReplacer("\u2066", "", "\u2068", "", "\u2069", "")
	for _, lang := range languages() {
		for _, name := range []string{"receipt", "receipt_other", "receipt_neutral"} {
			m := writeIn(t, w, all[name], lang, false)
			doc, err := goquery.NewDocumentFromReader(strings.NewReader(m.HTML))
			if err != nil {
				t.Fatal(err)
			}
			text, html := strings.Fields(isolates.Replace(m.Text)), strings.Fields(isolates.Replace(doc.Find("body").Text()))
			if diff := cmp.Diff(text, html); diff != "" {
				t.Errorf("%s in %s: words differ (-text +html):\n%s", name, lang, diff)
			}
		}
	}
}

// ux 16, 25, T01: in no language does a subject give the topic away, and the same one stands over a neutral mail.
//
// threat:T01
//
//ux:16
//ux:25
func TestSubjectsAreNeutralInEveryLanguage(t *testing.T) {
	topic := regexp.MustCompile(`(?i)help|debt|money|team|district|violence|safe|مساعدة|دعم|ديون|مال|عنف|أمان|فريق|yardım|borç|para|şiddet|güven|` +
		`допомо|борг|грош|насил|безпе|pomoc|dług|pieni|przemoc|bezpiecz|ሓገዝ|ዕዳ|ገንዘብ|ጎነጽ|ዓመጽ|ድሕነት|caawi|deyn|lacag|rabsho|badbaad`)
	w, all := NewWriter(waterstad(t)), letters(t)
	for _, lang := range languages() {
		subject := writeIn(t, w, all["receipt"], lang, false).Subject
		if n := utf8.RuneCountInString(subject); n == 0 || n > MaxSubject {
			t.Errorf("%s: subject %q has %d characters, want 1 to %d", lang, subject, n, MaxSubject)
		}
		if word := topic.FindString(subject); word != "" {
			t.Errorf("%s: subject %q gives away %q", lang, subject, word)
		}
		if neutral := writeIn(t, w, all["receipt_neutral"], lang, false).Subject; neutral != subject {
			t.Errorf("%s: neutral subject %q differs from %q", lang, neutral, subject)
		}
	}
}

// Every language has its words for days and months, and writes numbers in Latin digits.
func TestDatesAreInEachLanguagesWordsAndLatinDigits(t *testing.T) {
	for _, lang := range append(languages(), "nl") {
		file := textsOf(t, "texts/"+lang+".json")
		for key, want := range map[string]int{"date.weekdays": 7, "date.months": 12} {
			words := strings.Fields(file[key])
			slices.Sort(words)
			if distinct := len(slices.Compact(words)); distinct != want {
				t.Errorf("%s: %s has %d words, want %d", lang, key, distinct, want)
			}
		}
		for key, text := range file {
			if i := strings.IndexFunc(text, otherDigit); i >= 0 {
				t.Errorf("%s: %s has a digit that is not Latin: %s", lang, key, text)
			}
		}
	}
}

// otherDigit says whether a character is a digit of another script.
func otherDigit(r rune) bool { return unicode.IsNumber(r) && (r < '0' || r > '9') }

// T13: in text that runs from right to left, what runs the other way is kept together: a name, a number.
//
// threat:T13
func TestNamesAndNumbersAreIsolatedFromRightToLeft(t *testing.T) {
	loose := regexp.MustCompile(`(^|[^\x{2066}\x{2068}]){{\.(Name|Number|Emergency)}}|{{\.(Name|Number|Emergency)}}($|[^\x{2069}])`)
	for key, text := range textsOf(t, "texts/ar.json") {
		if found := loose.FindString(text); found != "" {
			t.Errorf("%s does not isolate %q", key, found)
		}
	}
}

// Nothing is left in Dutch by accident: what reads the same in both languages stands in this list.
func TestNoTranslationIsDutch(t *testing.T) {
	same := map[string]bool{
		"date.day": true, // names only
	}
	dutch := textsOf(t, "texts/nl.json")
	for _, lang := range languages() {
		for key, text := range textsOf(t, "texts/"+lang+".json") {
			if text == dutch[key] && !same[key] {
				t.Errorf("%s: %s is Dutch: %s", lang, key, text)
			}
		}
	}
}
