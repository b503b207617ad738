package main

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// words reads the texts of residents' pages in a language.
func words(t *testing.T, lang string) func(key string) string {
	t.Helper()
	data, err := os.ReadFile("../../internal/web/texts/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]any
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	return func(key string) string {
		text, ok := texts[key].(string)
		if !ok {
			t.Fatalf("%s has no text for %s", lang, key)
		}
		return text
	}
}

// The way of somebody who reads Arabic, on a telephone, without scripting: from the start page in Dutch to the receipt and
// its mail, from right to left. On the way the form is shown in every other language; what was typed stays.
//
//ux:1
//ux:18
//ux:19
func TestFromStartToReceiptInArabic(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	b, arabic := newTab(t, p.base), words(t, "ar")
	b.open("/")
	do(b, chromedp.Click(chromedp.CSS(".vd-languages summary")))
	b.press(`.vd-languages a[lang="ar"]`)
	b.inspect(arabic("start.title"))
	b.picture("start-ar-360")
	b.press(`button[value="call_me"]`)
	question, _, _ := strings.Cut(arabic("question.step"), "{{")
	for pages := callMe(); b.path() != "/controle"; {
		b.inspect(question)
		b.fill(pages[b.path()])
		if b.path() == "/vraag/51" {
			b.throughAllLanguages(pages[b.path()])
		}
		b.press(goOn)
	}
	b.inspect(arabic("check.title"))
	b.press(send)
	b.inspect(arabic("receipt.title"))
	b.picture("receipt-ar-360")
	if dir := do(b, chromedp.Evaluate[string](`getComputedStyle(document.querySelector("main")).direction`)); dir != "rtl" {
		t.Errorf("the receipt runs %s", dir)
	}
	b.press(`main a[href^="/mijn"]`)
	b.inspect(arabic("own.title"))
	p.waitForMails(2)
	inArabic := 0
	for _, m := range p.mails() {
		if strings.Contains(m.HTML, `<html lang="ar" dir="rtl">`) {
			inArabic++
			b.inspectMail(m)
		}
	}
	if inArabic != 1 {
		t.Errorf("%d mails are in Arabic, want the receipt", inArabic)
	}
}

// throughAllLanguages goes from one language into the next and back to Arabic.
func (b *tab) throughAllLanguages(typed url.Values) {
	b.t.Helper()
	for _, lang := range []string{"nl", "en", "tr", "uk", "pl", "ti", "so", "ar"} {
		at := b.path()
		do(b, chromedp.Click(chromedp.CSS(".vd-languages summary")))
		b.press(`.vd-languages button[lang="` + lang + `"]`)
		if got := do(b, chromedp.Evaluate[string]("document.documentElement.lang")); got != lang || b.path() != at {
			b.t.Errorf("from %s to %s: %s in %s", at, lang, b.path(), got)
		}
		for field, want := range typed {
			if got := do(b, chromedp.Evaluate[string](`document.querySelector("[name='`+field+`']").value`)); got != want[0] {
				b.t.Errorf("in %s, %s holds %q", lang, field, got)
			}
		}
		for _, fault := range b.shapeFaults(phone) {
			b.t.Errorf("in %s: %s", lang, fault)
		}
	}
}
