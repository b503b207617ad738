package main

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// P3: the scheduled smoke test runs here too, when asked.
//
// feature:P3
func TestASmokeTestOnThisMachine(t *testing.T) {
	t.Parallel()
	v := serveHere(t)
	p := &program{t: t, base: v.base}
	post := func() (status int, text string) {
		r, err := http.PostForm(v.base+"/_local/smoke-test", url.Values{})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(body)
	}
	for n := 1; n <= 2; n++ {
		if status, text := post(); status != http.StatusOK || !strings.HasPrefix(text, "passed: ") {
			t.Fatalf("%d %s", status, text)
		}
		mails := p.mails()
		if len(mails) != n || mails[0].To != v.municipality.Deployment.SmokeTestTo || !strings.HasPrefix(mails[0].Subject, "Proef ") {
			t.Fatalf("%d mails, the latest to %s: %s", len(mails), mails[0].To, mails[0].Subject)
		}
	}
	p.advance(30 * 24 * time.Hour) // nobody hears of them again
	if mails := p.mails(); len(mails) != 2 {
		t.Errorf("%d mails after a month, want 2", len(mails))
	}
	v.inbox.Refuse(func(string) error { return errors.New("451 4.3.0 later") })
	if status, text := post(); status != http.StatusInternalServerError {
		t.Errorf("while mail is down: %d %s", status, text)
	}
}
