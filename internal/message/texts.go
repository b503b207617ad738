package message

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"voordeur/internal/municipality"
)

// Every file texts/{lang}.json is one flat map of key to text. Words in {{.Braces}} are filled in. Workers are written
// to in Dutch: the other languages hold what residents are told. The file nl-u holds the texts in which a formal
// municipality says u, and no others. "_checked": false marks a translation that no native reader has checked.
//
//go:embed texts/*.json
var textFiles embed.FS

const (
	// fallback is the language of a mail when there are no texts in the reader's.
	fallback = "nl"
	// formal is what a formal municipality says in another way.
	formal = "nl-u"
	// checkedMark is the entry of a file that says whether a native reader has checked it.
	checkedMark = "_checked"
)

// catalog holds the texts of every language; a language is loaded when it is first asked for.
type catalog struct {
	mu     sync.Mutex
	loaded map[string]*i18n.Localizer // by file
}

// in returns the texts in a language (BCP 47), or Dutch when there is no file of it: a mail is in one language. u asks
// for Dutch that says u.
func (c *catalog) in(lang string, u bool) (texts, error) {
	if _, err := fs.Stat(textFiles, "texts/"+lang+".json"); err != nil || lang == formal {
		lang = fallback
	}
	files := []string{lang}
	if u && lang == fallback {
		files = append(files, formal)
	}
	last := files[len(files)-1]
	c.mu.Lock()
	defer c.mu.Unlock()
	localizer, ok := c.loaded[last]
	if !ok {
		bundle := i18n.NewBundle(language.Make(lang))
		for _, file := range files { // what comes later wins
			if err := read(bundle, language.Make(lang), file); err != nil {
				return texts{}, fmt.Errorf("load texts of mails in %s: %w", file, err)
			}
		}
		if c.loaded == nil {
			c.loaded = map[string]*i18n.Localizer{}
		}
		localizer = i18n.NewLocalizer(bundle, lang)
		c.loaded[last] = localizer
	}
	return texts{lang: lang, localizer: localizer, failed: new(error)}, nil
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
	for key, text := range entries {
		if err := bundle.AddMessages(tag, &i18n.Message{ID: key, Other: fmt.Sprint(text)}); err != nil {
			return fmt.Errorf("text %s: %w", key, err)
		}
	}
	return nil
}

// texts is the texts of one mail. The first text that cannot be said is kept in failed: such a mail is not sent.
type texts struct {
	lang      string
	localizer *i18n.Localizer
	failed    *error
}

// say returns the text of a key. args are names and values in turn: say("receipt.contact", "Moment", m) fills in
// {{.Moment}}.
func (t texts) say(key string, args ...any) string {
	data := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		data[fmt.Sprint(args[i])] = args[i+1]
	}
	text, err := t.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data})
	if err != nil && *t.failed == nil {
		*t.failed = fmt.Errorf("text %s in %s: %w", key, t.lang, err)
	}
	return text
}

// day says a day as people do: "vrijdag 27 november", Europe/Amsterdam.
func (t texts) day(at time.Time) string {
	at = municipality.Local(at)
	return t.say("date.day", "Weekday", nth(t.say("date.weekdays"), int(at.Weekday())), "Day", at.Day(),
		"Month", nth(t.say("date.months"), int(at.Month())-1))
}

// moment says a moment as people do: "vrijdag 27 november, 17.00 uur", Europe/Amsterdam.
func (t texts) moment(at time.Time) string {
	local := municipality.Local(at)
	return t.say("date.moment", "Day", t.day(at), "Hour", local.Format("15"), "Minute", local.Format("04"))
}

// nth returns a word of a text by its place, counted from 0.
func nth(text string, i int) string {
	if words := strings.Fields(text); i < len(words) {
		return words[i]
	}
	return ""
}
