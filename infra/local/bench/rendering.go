package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

const (
	renderedPage   = "/vraag/11" // who could help: the first page, and the one with the most fields
	renderRounds   = 200
	renderedAtOnce = 5
)

// rendering compares a question page, from the request to its last byte, with a template that writes as many lines and
// bytes.
func rendering(ctx context.Context) (figures, error) {
	m, err := readTown()
	if err != nil {
		return nil, err
	}
	kept, err := json.Marshal(draftOf(m, 1))
	if err != nil {
		return nil, err
	}
	pages, err := frontdoor(m, &unsealed{draft: kept}, nil, casework.Intake{Municipality: m, Form: form.Of(m)})
	if err != nil {
		return nil, err
	}
	r := resident{base: "https://hulp.waterstad.example", server: inProcess{pages}, cookie: cookieOf(casework.NewSecret())}
	page := func() ([]byte, error) {
		status, _, body, err := r.do(ctx, http.MethodGet, renderedPage, nil)
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("GET %s: status %d", renderedPage, status)
		}
		return body, err
	}
	shown, err := page()
	if err != nil {
		return nil, err
	}
	var lines []string
	for line := range strings.Lines(string(shown)) {
		lines = append(lines, strings.Repeat("n", max(0, len(line)-1)))
	}
	bare := template.Must(template.New("bare").Parse("{{range .}}{{.}}\n{{end}}"))
	taken, err := compare(renderRounds/10, renderRounds,
		repeated(renderedAtOnce, func() error {
			_, err := page()
			return err
		}),
		repeated(renderedAtOnce, func() error {
			var out bytes.Buffer
			return bare.Execute(&out, lines)
		}))
	if err != nil {
		return nil, err
	}
	return figures{
		{"a question page", micros(taken[0].median()) / renderedAtOnce, "µs", 0},
		{"a question page ÷ a template of as many lines and bytes", taken[0].over(taken[1]), "×", 0},
	}, nil
}
