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
	Language string
	Subject  string
	Neutral  bool // sender and reply address give nothing away either (T01)
	Parts    []part
}

// part is a paragraph, a list of facts or a link: one of its fields is set.
type part struct {
	Paragraph string
	Facts     []fact
	Link      *link
}

type fact struct{ Label, Value string }

type link struct{ Label, URL string }

func (p *page) paragraph(text string) { p.Parts = append(p.Parts, part{Paragraph: text}) }

func (p *page) facts(rows ...fact) { p.Parts = append(p.Parts, part{Facts: rows}) }

func (p *page) link(label, url string) { p.Parts = append(p.Parts, part{Link: &link{label, url}}) }

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
