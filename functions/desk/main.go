// Command desk is the Lambda of the workers' pages, the only one that opens content.
package main

import (
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"voordeur/functions/wiring"
	"voordeur/functions/wiring/opening"
	"voordeur/internal/web"
)

func main() { wiring.Serve(os.Getenv, build) }

type config struct {
	opening.Config
	short, issuer, clientID string
	base                    string // "https://bureau.gemeente.example"
}

func build(e *wiring.Environment, log *slog.Logger) (http.Handler, error) {
	c := config{
		Config: opening.Read(e), short: e.Text("SHORT_TABLE"),
		base: e.Base("DESK_URL"), issuer: e.Text("OIDC_ISSUER"), clientID: e.Text("OIDC_CLIENT_ID"),
	}
	if err := e.Err(); err != nil {
		return nil, err
	}
	assets, err := web.NewAssets(c.Municipality.Theme)
	if err != nil {
		return nil, err
	}
	store, work := c.Work(c.short, time.Now)
	return web.Desk{
		Municipality: c.Municipality, Work: work, Store: store, Drafts: c.Drafts(store), Intake: c.Intake(store, work),
		Provider: web.Provider{
			Issuer: c.issuer, ClientID: c.clientID, RedirectURL: c.base + web.ArrivedPath,
			RequireMFA: !strings.HasPrefix(c.issuer, "https://cognito-idp."), // our user pool itself requires it
		},
		HTTP: http.DefaultClient, Texts: web.NewCatalog(), Assets: assets, Log: log, Now: time.Now, Clock: time.Now,
	}.Handler(), nil
}
