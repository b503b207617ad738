package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"voordeur/infra/local/example"
	"voordeur/infra/local/inbox"
	"voordeur/infra/local/oidc"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/web"
	"voordeur/schemas"
)

//go:embed start.gohtml
var startPage string

// pages puts the front door, the desk and what belongs to this machine only under one address.
func (v *service) pages(data string, town *example.Town) (err error) {
	texts, log := web.NewCatalog(), slog.Default()
	if v.staff, err = example.Of(v.municipality.ID); err != nil {
		return err
	}
	assets, err := web.NewAssets(v.municipality.Theme)
	if err != nil {
		return err
	}
	if v.provider, err = oidc.New(oidc.Options{
		Base: v.base, RedirectURL: v.base + web.ArrivedPath, People: v.people(),
		KeyFile: filepath.Join(data, "oidc.key"), Now: time.Now,
	}); err != nil {
		return err
	}
	front := web.Frontdoor{
		Municipality: v.municipality, Form: form.Of(v.municipality), Drafts: town.Drafts, Pauses: town.Pauses, Arrivals: town.Arrivals,
		Intake: town.Intake, Texts: texts, Assets: assets, Log: log, Now: v.clock.Now, Clock: time.Now,
		UncheckedLanguages: true,
	}
	desk := web.Desk{
		Municipality: v.municipality, Work: town.Work, Store: v.store, Drafts: town.Drafts, Intake: town.Intake,
		Provider: web.Provider{
			Issuer: v.provider.Issuer, ClientID: oidc.DeskClient, RedirectURL: v.base + web.ArrivedPath, RequireMFA: true,
		},
		HTTP: http.DefaultClient, Texts: texts, Assets: assets, Log: log, Now: v.clock.Now, Clock: time.Now,
	}
	api := web.API{
		Intake: casework.SystemIntake{Intake: town.Intake, Requests: v.store}, Store: v.store,
		Issuer: v.provider.Issuer, Clients: []string{oidc.APIClient}, HTTP: http.DefaultClient, Document: schemas.OpenAPI,
		Texts: texts, Log: log, Now: v.clock.Now, Clock: time.Now,
	}
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", front.Handler())
	mux.Handle("/desk/", desk.Handler())
	mux.Handle(web.APIPath, api.Handler())
	mux.Handle(oidc.Path+"/", v.provider)
	mux.Handle(inbox.Path, v.inbox.Pages(zone))
	mux.Handle(inbox.Path+"/", v.inbox.Pages(zone))
	mux.Handle(inbox.Path+".json", v.inbox.Pages(zone))
	mux.Handle("/_local/clock", v.clock.Handler(v.workUntil))
	mux.HandleFunc("POST /_local/smoke-test", v.postSmokeTest)
	mux.HandleFunc("GET /_local/{$}", v.start)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	v.handler = mux
	return nil
}

func (v *service) people() []oidc.Person {
	var all []oidc.Person
	for _, p := range v.staff.People {
		all = append(all, oidc.Person{ID: p.ID, Name: p.Name, Role: p.Function, Email: p.Email})
	}
	return all
}

// start links to everything.
func (v *service) start(w http.ResponseWriter, r *http.Request) {
	page, err := template.New("start").Parse(startPage)
	if err == nil {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		err = page.Execute(w, map[string]any{
			"Municipality": v.municipality.Name, "People": v.staff.People, "Organisations": v.staff.Organisations,
			"Now": v.clock.Now().Format(time.RFC1123), "Mails": len(v.inbox.All()),
		})
	}
	if err != nil {
		slog.ErrorContext(r.Context(), "start page", slog.Any("error", err))
	}
}

// greeting says where to go, as whom.
func (v *service) greeting() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Voordeur runs for %s (fictional). Ctrl-C ends it.\n", v.municipality.Name)
	for _, line := range [][2]string{
		{"resident", "/"}, {"worker", "/desk/"}, {"mail", inbox.Path}, {"everything", "/_local/"},
	} {
		fmt.Fprintf(&b, "  %-11s %s%s\n", line[0], v.base, line[1])
	}
	b.WriteString("At the desk pick any worker: ")
	for i, p := range v.staff.People {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s (%s)", p.ID, p.Function)
	}
	b.WriteString(".")
	return b.String()
}
