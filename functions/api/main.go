// Command api is the Lambda of the JSON API for the municipality's own systems. It has public keys only: it opens
// nothing.
package main

import (
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"voordeur/functions/wiring"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/seal"
	"voordeur/internal/web"
	"voordeur/schemas"
)

func main() { wiring.Serve(os.Getenv, build) }

type config struct {
	municipality *municipality.Municipality
	store        *dynamo.Store
	issuer       string
	clients      string // ids at the issuer, with spaces between
}

func build(e *wiring.Environment, log *slog.Logger) (http.Handler, error) {
	c := config{
		municipality: e.Municipality("MUNICIPALITY"), store: wiring.Store(e.AWS(), e.Text("CASES_TABLE"), ""),
		issuer: e.Text("OIDC_ISSUER"), clients: e.Text("API_CLIENTS"),
	}
	if err := e.Err(); err != nil {
		return nil, err
	}
	id := c.municipality.ID
	intake := casework.Intake{
		Municipality: c.municipality, Form: form.Of(c.municipality), Reports: c.store, Views: seal.Views{Municipality: id},
		Sealer: &wiring.Sealer{Municipality: id, Keys: c.store.PublicKeys, Now: time.Now},
	}
	return web.API{
		Intake: casework.SystemIntake{Intake: intake, Requests: c.store}, Store: c.store, Issuer: c.issuer, Clients: strings.Fields(c.clients),
		HTTP: http.DefaultClient, Document: schemas.OpenAPI, Texts: web.NewCatalog(), Log: log, Now: time.Now, Clock: time.Now,
	}.Handler(), nil
}
