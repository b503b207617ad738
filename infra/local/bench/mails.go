package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

const (
	mostUntilMail = 2000 // ms, p95
	reports       = 50
	mailWithin    = 20 * time.Second
	lookEvery     = 50 * time.Millisecond
)

// mails sends reports to the program of `make run` and measures how long after its receipt the mail for its lead is
// there. The inbox dates mails by the business clock, which runs like ours when nobody moves it.
func mails(ctx context.Context) (_ figures, err error) {
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	base, stop, err := startService(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	sent := map[casework.Reference]time.Time{}
	for n := 1; n <= reports; n++ {
		r := &resident{base: base, server: http.DefaultTransport}
		fields := filledIn(n)
		// Every other one lives elsewhere, so that as few as possible find their team full.
		fields["postcode"] = []string{[]string{"9991 AB", "9995 AB"}[n%2]}
		if _, err := r.fillIn(ctx, form.CallMe, fields); err != nil {
			return nil, fmt.Errorf("fill in: %w", err)
		}
		if to, err := r.answer(ctx, checkPath, url.Values{}); err != nil {
			return nil, fmt.Errorf("send leads to %q: %w", to, err)
		}
		secret, err := r.secret()
		if err != nil {
			return nil, err
		}
		sent[secret.Reference(0)] = time.Now()
	}
	took, err := untilMails(ctx, base, sent)
	if err != nil {
		return nil, err
	}
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	return figures{
		{"from receipt to the lead's mail, p50", ms(took.median()), "ms", 0},
		{"from receipt to the lead's mail, p95", ms(took.quantile(0.95)), "ms", mostUntilMail},
	}, nil
}

// startService builds and starts the program of `make run` on a free port, with its data in dir.
func startService(ctx context.Context, dir string) (base string, stop func() error, err error) {
	binary := filepath.Join(dir, "voordeur")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "./infra/local").CombinedOutput(); err != nil { //nolint:gosec // our own package
		return "", nil, fmt.Errorf("build the local service: %w\n%s", err, out)
	}
	cmd := exec.CommandContext(ctx, binary) //nolint:gosec // built a moment ago
	cmd.Env = append(os.Environ(), "ADDR=127.0.0.1:0", "DATA="+filepath.Join(dir, "data"))
	cmd.Stderr = os.Stderr
	greeting, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() error {
		return errors.Join(cmd.Process.Signal(syscall.SIGTERM), cmd.Wait())
	}
	for s := bufio.NewScanner(greeting); s.Scan(); {
		if who, address, ok := strings.Cut(strings.TrimSpace(s.Text()), " "); ok && who == "resident" {
			return strings.TrimSuffix(strings.TrimSpace(address), "/"), stop, nil
		}
	}
	return "", nil, errors.Join(errors.New("the local service does not say where it is"), stop())
}

// untilMails waits for a mail to a worker about each report.
func untilMails(ctx context.Context, base string, sent map[casework.Reference]time.Time) (timings, error) {
	ctx, cancel := context.WithTimeout(ctx, mailWithin)
	defer cancel()
	for {
		inbox, err := readInbox(ctx, base)
		if err != nil {
			return nil, err
		}
		first := map[casework.Reference]time.Time{}
		for _, m := range inbox {
			_, number, _ := strings.Cut(m.Text, "Nummer: ")
			number, _, _ = strings.Cut(number, "\n")
			ref := casework.Reference(number)
			at, seen := first[ref]
			if _, ours := sent[ref]; ours && !strings.HasSuffix(m.To, "@post.example") && (!seen || m.At.Before(at)) {
				first[ref] = m.At
			}
		}
		if len(first) == len(sent) {
			var took timings
			for ref, at := range first {
				took = append(took, at.Sub(sent[ref]))
			}
			return took, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%d of %d reports led to a mail", len(first), len(sent))
		case <-time.After(lookEvery):
		}
	}
}

// received is a mail in the inbox.
type received struct {
	To   string
	Text string
	At   time.Time
}

func readInbox(ctx context.Context, base string) (all []received, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/_local/mail.json", http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return all, json.NewDecoder(response.Body).Decode(&all)
}
