package message

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"sync"
	texttemplate "text/template"
)

//go:embed templates/mail.txt.tmpl templates/mail.html.tmpl
var templateFiles embed.FS

// page is what a mail says, part by part. Both templates say every part, so that text and HTML cannot drift apart.
type page struct {
	Language string // BCP 47
	Subject  string
	Neutral  bool // sender and reply address give nothing away either (T01)
	Parts    []part
}

// part is a paragraph, a list of facts or a link: one of its fields is set.
type part struct {
	Paragraph said
	Facts     []fact
	Link      *link
}

type fact struct {
	Label said
	Value string
}

type link struct {
	Label said
	URL   string
}

// Dir is the direction that the mail's language is written in, "ltr" or "rtl".
func (p page) Dir() string {
	if p.Language == "ar" {
		return "rtl"
	}
	return "ltr"
}

// Isolated keeps a number or name together where the plain text runs from right to left (T13); HTML does it by an element.
func (p page) Isolated(value string) string {
	if p.Dir() == "ltr" {
		return value
	}
	return "\u2068" + value + "\u2069"
}

func (p *page) paragraph(text said) { p.Parts = append(p.Parts, part{Paragraph: text}) }

func (p *page) facts(rows ...fact) { p.Parts = append(p.Parts, part{Facts: rows}) }

func (p *page) link(label said, url string) { p.Parts = append(p.Parts, part{Link: &link{label, url}}) }

// compose writes a letter between greeting and end.
func compose(l Letter, t texts) (page, error) {
	p := page{Language: t.lang}
	p.paragraph(t.say("greeting"))
	l.write(&p, t)
	if *t.failed != nil {
		return page{}, fmt.Errorf("compose mail: %w", *t.failed)
	}
	return p, nil
}

type templates struct {
	text *texttemplate.Template
	html *htmltemplate.Template
}

// parseTemplates returns a function that parses them once, when first called.
func parseTemplates() func() (templates, error) {
	return sync.OnceValues(func() (templates, error) {
		text, err := texttemplate.New("mail.txt.tmpl").Option("missingkey=error").ParseFS(templateFiles, "templates/mail.txt.tmpl")
		if err != nil {
			return templates{}, fmt.Errorf("parse text template of mails: %w", err)
		}
		html, err := htmltemplate.New("mail.html.tmpl").Option("missingkey=error").ParseFS(templateFiles, "templates/mail.html.tmpl")
		if err != nil {
			return templates{}, fmt.Errorf("parse HTML template of mails: %w", err)
		}
		return templates{text: text, html: html}, nil
	})
}

func (t templates) render(p page) (text, html string, err error) {
	var plain, markup strings.Builder
	if err := t.text.Execute(&plain, p); err != nil {
		return "", "", fmt.Errorf("render text of mail: %w", err)
	}
	if err := t.html.Execute(&markup, p); err != nil {
		return "", "", fmt.Errorf("render HTML of mail: %w", err)
	}
	return plain.String(), markup.String(), nil
}
