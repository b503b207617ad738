package message

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"voordeur/internal/municipality"
)

// Every file texts/{lang}.json is one flat map of key to text. Words in {{.Braces}} are filled in; a text with plural
// forms is a map of the language's CLDR categories, chosen by the argument Count. Workers are written to in Dutch: the
// other languages hold what residents are told. The file nl-u holds the texts in which a formal
// municipality says u, and no others. "_checked": false marks a translation that no native reader has checked.
//
//go:embed texts/*.json
var textFiles embed.FS

const (
	// fallback is the language of a text that the reader's language lacks, and of a mail when it has no texts at all.
	fallback = "nl"
	// polite ends the name of Dutch texts that say u.
	polite = "-u"
	// checkedMark is the entry of a file that says whether a native reader has checked it.
	checkedMark = "_checked"
)

// catalog holds the texts of every language; a language is loaded when it is first asked for.
type catalog struct {
	mu     sync.Mutex
	loaded map[string]*i18n.Bundle // by language, and "-u" for Dutch that says u
}

// in returns the texts in a language (BCP 47), with Dutch for what it lacks; Dutch when there is no file of it. u asks for
// Dutch that says u.
func (c *catalog) in(lang string, u bool) (texts, error) {
	if _, err := fs.Stat(textFiles, "texts/"+lang+".json"); err != nil || strings.HasSuffix(lang, polite) {
		lang = fallback
	}
	files, name := []string{fallback}, lang // what comes later wins
	if u {
		files, name = append(files, fallback+polite), lang+polite
	}
	if lang != fallback {
		files = append(files, lang)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	bundle, ok := c.loaded[name]
	if !ok {
		bundle = i18n.NewBundle(language.Make(fallback))
		for _, file := range files {
			if err := read(bundle, language.Make(strings.TrimSuffix(file, polite)), file); err != nil {
				return texts{}, fmt.Errorf("load texts of mails in %s: %w", file, err)
			}
		}
		if c.loaded == nil {
			c.loaded = map[string]*i18n.Bundle{}
		}
		c.loaded[name] = bundle
	}
	return texts{mail: lang, lang: lang, bundle: bundle, failed: new(error)}, nil
}

// read adds a file's texts to the bundle.
func read(bundle *i18n.Bundle, tag language.Tag, file string) error {
	data, err := textFiles.ReadFile("texts/" + file + ".json")
	if err != nil {
		return err
	}
	var entries map[string]any
	if err := json.Unmarshal(data, &entries); err != nil {
		return err
	}
	delete(entries, checkedMark)
	for key, entry := range entries {
		m := &i18n.Message{Other: fmt.Sprint(entry)}
		if forms, ok := entry.(map[string]any); ok {
			if m, err = i18n.NewMessage(forms); err != nil {
				return fmt.Errorf("text %s: %w", key, err)
			}
		}
		m.ID = key
		if err := bundle.AddMessages(tag, m); err != nil {
			return fmt.Errorf("text %s: %w", key, err)
		}
	}
	return nil
}

// texts is the texts of one mail. The first text that cannot be said is kept in failed: such a mail is not sent.
type texts struct {
	mail   string // the mail's language
	lang   string // the texts' own
	bundle *i18n.Bundle
	failed *error
}

// said is a text and its language (BCP 47), "" for the mail's own.
type said struct{ Text, Lang string }

// say returns the text of a key. args are names and values in turn: say("receipt.contact", "Moment", m) fills in
// {{.Moment}}; an argument named Count, an int, chooses the plural form.
func (t texts) say(key string, args ...any) said {
	data := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		data[fmt.Sprint(args[i])] = args[i+1]
	}
	text, tag, err := i18n.NewLocalizer(t.bundle, t.lang).LocalizeWithTag(&i18n.LocalizeConfig{
		MessageID: key, TemplateData: data, PluralCount: data["Count"],
	})
	if _, lacks := errors.AsType[*i18n.MessageNotFoundErr](err); lacks && text != "" {
		err = nil // it is said in Dutch
	}
	if err != nil && *t.failed == nil {
		*t.failed = fmt.Errorf("text %s in %s: %w", key, t.lang, err)
	}
	if spoken := tag.String(); spoken != t.mail {
		return said{text, spoken}
	}
	return said{Text: text}
}

// andDutch returns the texts and, when those are in another language, the Dutch ones: a safety text is said in both, since
// whoever helps may read Dutch only, and a translation may be wrong.
func (t texts) andDutch() []texts {
	if t.lang == fallback {
		return []texts{t}
	}
	dutch := t
	dutch.lang = fallback
	return []texts{t, dutch}
}

// day says a day as people do: "vrijdag 27 november", Europe/Amsterdam.
func (t texts) day(at time.Time) string {
	at = municipality.Local(at)
	return t.say("date.day", "Weekday", nth(t.say("date.weekdays").Text, int(at.Weekday())), "Day", at.Day(),
		"Month", nth(t.say("date.months").Text, int(at.Month())-1)).Text
}

// moment says a moment as people do: "vrijdag 27 november, 17.00 uur", Europe/Amsterdam.
func (t texts) moment(at time.Time) string {
	local := municipality.Local(at)
	return t.say("date.moment", "Day", t.day(at), "Hour", local.Format("15"), "Minute", local.Format("04")).Text
}

// nth returns a word of a text by its place, counted from 0.
func nth(text string, i int) string {
	if words := strings.Fields(text); i < len(words) {
		return words[i]
	}
	return ""
}
