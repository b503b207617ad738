package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"voordeur/infra/local/example"
	"voordeur/infra/local/oidc"
	"voordeur/internal/casework"
	"voordeur/internal/web"
)

const deskBase = "https://bureau.waterstad.example"

// office is the workers' pages with somebody to sign in with.
type office struct {
	pages  http.Handler
	closer func() error
}

// openOffice serves the desk over the town, and a provider that knows everybody.
func (t *town) openOffice(ctx context.Context) (office, error) {
	assets, err := web.NewAssets(t.Municipality.Theme)
	if err != nil {
		return office{}, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return office{}, fmt.Errorf("listen for the sign-in: %w", err)
	}
	var people []oidc.Person
	for _, p := range example.People() {
		people = append(people, oidc.Person{ID: p.ID, Name: p.Name, Email: p.Email})
	}
	provider, err := oidc.New(oidc.Options{
		Base: "http://" + l.Addr().String(), RedirectURL: deskBase + web.ArrivedPath, People: people, Now: time.Now,
	})
	if err != nil {
		return office{}, errors.Join(err, l.Close())
	}
	server := &http.Server{Handler: provider, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(l) }() // it ends with close
	return office{closer: server.Close, pages: web.Desk{
		Municipality: t.Municipality, Work: t.Work, Store: t.Store,
		Provider: web.Provider{
			Issuer: provider.Issuer, ClientID: oidc.DeskClient, RedirectURL: deskBase + web.ArrivedPath,
		},
		HTTP: http.DefaultClient, Texts: web.NewCatalog(), Assets: assets, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Now: monday, Clock: time.Now,
	}.Handler()}, nil
}

// accept follows the link in a lead's mail: sign in, read the case, accept it, read it again. watch sees each request to
// the desk.
func (o office) accept(ctx context.Context, c casework.Case, watch *stopwatch) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	browser := &http.Client{Jar: jar, Transport: hosts{desk: watch.on(inProcess{o.pages})}}
	address := deskBase + "/desk/casus/" + string(c.ID)
	page, err := fetch(ctx, browser, http.MethodGet, address+"?login_hint="+url.QueryEscape(c.Lead), nil)
	if err != nil {
		return fmt.Errorf("open the case: %w", err)
	}
	accept := page.Find("form[action$='/aannemen']")
	if accept.Length() == 0 {
		return errors.New("the lead's page has nothing to accept")
	}
	fields := url.Values{}
	accept.Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		fields.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	if _, err := fetch(ctx, browser, http.MethodPost, address+"/aannemen", fields); err != nil {
		return fmt.Errorf("accept: %w", err)
	}
	return nil
}

// fetch sends a request, follows where it leads, and reads the page.
func fetch(ctx context.Context, browser *http.Client, method, address string, fields url.Values) (*goquery.Document, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(fields.Encode()))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	response, err := browser.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: status %d", method, request.URL.Path, response.StatusCode)
	}
	return goquery.NewDocumentFromReader(response.Body)
}

// hosts sends what is for the desk to the desk and everything else over the network.
type hosts struct{ desk http.RoundTripper }

// RoundTrip answers a request.
func (h hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	if "https://"+r.URL.Host == deskBase {
		return h.desk.RoundTrip(r)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// stopwatch counts requests and how long they took in all.
type stopwatch struct {
	requests int
	took     time.Duration
}

// on watches a transport.
func (s *stopwatch) on(next http.RoundTripper) http.RoundTripper { return watched{s, next} }

// during watches something else that a function does.
func (s *stopwatch) during(work func() error) error {
	began := time.Now()
	err := work()
	s.took += time.Since(began)
	return err
}

type watched struct {
	watch *stopwatch
	next  http.RoundTripper
}

// RoundTrip answers a request, read to its end.
func (w watched) RoundTrip(r *http.Request) (response *http.Response, err error) {
	w.watch.requests++
	err = w.watch.during(func() error {
		if r.Body == nil {
			r.Body = io.NopCloser(strings.NewReader(""))
		}
		response, err = w.next.RoundTrip(r)
		return err
	})
	return response, err
}
