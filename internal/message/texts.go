package message

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Every file texts/{lang}.json is one flat map of key to text. Words in {{.Braces}} are filled in.
//
//go:embed texts/*.json
var textFiles embed.FS

// fallback is the language of a mail when there are no texts in the reader's.
const fallback = "nl"

// catalog holds the texts of every language; a language is loaded when it is first asked for.
type catalog struct {
	mu     sync.Mutex
	loaded map[string]*i18n.Localizer
}

// in returns the texts in a language (BCP 47), or Dutch when there is no file of it: a mail is in one language.
func (c *catalog) in(lang string) (texts, error) {
	name := "texts/" + lang + ".json"
	if _, err := fs.Stat(textFiles, name); err != nil {
		lang, name = fallback, "texts/"+fallback+".json"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	localizer, ok := c.loaded[lang]
	if !ok {
		bundle := i18n.NewBundle(language.Make(lang))
		bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
		if _, err := bundle.LoadMessageFileFS(textFiles, name); err != nil {
			return texts{}, fmt.Errorf("load texts of mails in %s: %w", lang, err)
		}
		if c.loaded == nil {
			c.loaded = map[string]*i18n.Localizer{}
		}
		localizer = i18n.NewLocalizer(bundle, lang)
		c.loaded[lang] = localizer
	}
	return texts{lang: lang, localizer: localizer, failed: new(error)}, nil
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
