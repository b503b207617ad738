// Command frontdoor is the Lambda of the residents' pages. It writes what it cannot read back: it has public keys only.
package main

import (
	"log/slog"
	"net/http"
	"os"
	"time"

	"voordeur/functions/wiring"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/seal"
	"voordeur/internal/web"
)

func main() { wiring.Serve(os.Getenv, build) }

type config struct {
	municipality *municipality.Municipality
	store        *dynamo.Store
}

func build(e *wiring.Environment, log *slog.Logger) (http.Handler, error) {
	c := config{
		municipality: e.Municipality("MUNICIPALITY"),
		store:        wiring.Store(e.AWS(), e.Text("CASES_TABLE"), e.Text("SHORT_TABLE")),
	}
	if err := e.Err(); err != nil {
		return nil, err
	}
	assets, err := web.NewAssets(c.municipality.Theme)
	if err != nil {
		return nil, err
	}
	id := c.municipality.ID
	drafts := seal.Drafts{Municipality: id, Rows: c.store}
	return web.Frontdoor{
		Municipality: c.municipality, Form: form.Of(c.municipality), Drafts: drafts, Pauses: &seal.Pauses{Drafts: drafts, Rows: c.store},
		Arrivals: &seal.Arrivals{Rows: c.store}, Intake: casework.Intake{
			Municipality: c.municipality, Form: form.Of(c.municipality), Reports: c.store, Views: seal.Views{Municipality: id},
			Sealer: &wiring.Sealer{Municipality: id, Keys: c.store.PublicKeys, Now: time.Now}, Limits: casework.PublicLimits(),
		},
		Texts: web.NewCatalog(), Assets: assets, Log: log, Now: time.Now, Clock: time.Now,
	}.Handler(), nil
}
