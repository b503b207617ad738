package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"voordeur/infra/local/inbox"
	"voordeur/internal/casework"
)

// binary is the program as `make run` builds it, built once for all tests.
//
//nolint:gochecknoglobals // one build for all tests
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "voordeur-test-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "voordeur")
	if out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return file, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if file, err := binary(); err == nil {
		if err := os.RemoveAll(filepath.Dir(file)); err != nil {
			code = 1
		}
	}
	os.Exit(code)
}

// program is the running program.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  *bytes.Buffer
	base string
	done chan error
}

// command is the program on a data folder, not started yet; env are more settings, "MUNICIPALITY=…".
func command(t *testing.T, addr, data string, env ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	file, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(file)
	cmd.Dir = "../.."
	cmd.Env = append(append(os.Environ(), "ADDR="+addr, "DATA="+data), env...)
	out := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = out, out
	return cmd, out
}

// launch starts the program and waits until it is ready.
func launch(t *testing.T, addr, data string, env ...string) *program {
	t.Helper()
	cmd, out := command(t, addr, data, env...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, cmd: cmd, out: out, base: "http://" + addr, done: make(chan error, 1)}
	go func() { p.done <- cmd.Wait() }()
	t.Cleanup(func() {
		if p.cmd.ProcessState == nil {
			p.kill()
		}
	})
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		select {
		case err := <-p.done:
			t.Fatalf("the program ended: %v\n%s", err, out)
		default:
		}
		if r, err := http.Get(p.base + "/healthz"); err == nil {
			if err := r.Body.Close(); err == nil && r.StatusCode == http.StatusOK {
				return p
			}
		}
	}
	t.Fatalf("the program is not ready\n%s", out)
	return nil
}

// kill ends the program at once, without a word.
func (p *program) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Error(err)
	}
	if err := <-p.done; err == nil {
		p.t.Error("the program was killed and ended well")
	}
}

// stop ends the program as Ctrl-C does.
func (p *program) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		p.t.Error(err)
	}
	select {
	case err := <-p.done:
		if err != nil {
			p.t.Errorf("the program ended with %v\n%s", err, p.out)
		}
	case <-time.After(20 * time.Second):
		p.t.Errorf("the program does not end\n%s", p.out)
	}
}

// mails returns what was mailed, newest first.
func (p *program) mails() []inbox.Mail {
	p.t.Helper()
	r, err := http.Get(p.base + inbox.Path + ".json")
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	var mails []inbox.Mail
	if err := json.NewDecoder(r.Body).Decode(&mails); err != nil {
		p.t.Fatal(err)
	}
	return mails
}

// mailedWithin is by when a mail was sent at the latest: the minute's sweep finds what no wake-up told of (I1).
const mailedWithin = 2 * time.Minute

// waitForMails waits until so many mails were sent.
func (p *program) waitForMails(n int) {
	p.t.Helper()
	for end := time.Now().Add(mailedWithin); len(p.mails()) < n; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("%d mails were sent, want %d\n%s", len(p.mails()), n, p.out)
		}
	}
}

// advance moves business time.
func (p *program) advance(d time.Duration) {
	p.t.Helper()
	r, err := http.PostForm(p.base+"/_local/clock", url.Values{"advance": {d.String()}})
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err := io.ReadAll(r.Body); err != nil || r.StatusCode != http.StatusOK {
		p.t.Fatalf("advance: %d %s %v", r.StatusCode, body, err)
	}
}

// resident fills in the short path over HTTP, with the cookie in hand: Go's jar keeps no secure cookie over http.
type resident struct {
	base   string
	client *http.Client
	cookie *http.Cookie
}

func newResident(base string) *resident {
	return &resident{base: base, client: &http.Client{
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

var (
	tokenInput = regexp.MustCompile(`name="token" value="([^"]+)"`)
	reference  = regexp.MustCompile(`\b[2-9CDFHJKMNPQRTVWX]{3}-[2-9CDFHJKMNPQRTVWX]{3}-[2-9CDFHJKMNPQRTVWX]{3}\b`)
)

// callMe is what the short path is answered with, page by page.
func callMe() map[string]url.Values {
	return map[string]url.Values{
		"/vraag/11": {"helpers": {"none"}},
		"/vraag/32": {"safe_now": {"yes"}},
		"/vraag/51": {"call_name": {"Mevrouw Voorbeeld"}},
		"/vraag/52": {"contact_way": {"email"}, "email": {casework.NewSecret().DraftID() + "@post.example"}},
		"/vraag/54": {"postcode": {"9991 AB"}},
		"/vraag/61": {"language": {"nl"}},
	}
}

// fillIn goes the short path from the start to the check page.
func (r *resident) fillIn(ctx context.Context, pages map[string]url.Values) error {
	at, _, err := r.do(ctx, http.MethodPost, "/begin", url.Values{"path": {"call_me"}})
	for err == nil && at != "/controle" {
		answers, ok := pages[at]
		if !ok {
			return fmt.Errorf("no answers for page %s", at)
		}
		at, err = r.answer(ctx, at, answers)
	}
	return err
}

// send posts the check page and reads the number from the receipt.
func (r *resident) send(ctx context.Context) (casework.Reference, error) {
	at, err := r.answer(ctx, "/controle", nil)
	if err != nil {
		return "", err
	}
	if at != "/ontvangen" {
		return "", fmt.Errorf("sent to %s", at)
	}
	_, body, err := r.do(ctx, http.MethodGet, at, nil)
	if err != nil {
		return "", err
	}
	return casework.ParseReference(reference.FindString(body))
}

// answer opens a page, posts it with its token, and returns where it leads.
func (r *resident) answer(ctx context.Context, page string, answers url.Values) (next string, err error) {
	_, body, err := r.do(ctx, http.MethodGet, page, nil)
	if err != nil {
		return "", err
	}
	token := tokenInput.FindStringSubmatch(body)
	if token == nil {
		return "", fmt.Errorf("page %s has no token", page)
	}
	values := url.Values{"token": {token[1]}}
	maps.Copy(values, answers)
	next, _, err = r.do(ctx, http.MethodPost, page, values)
	return next, err
}

func (r *resident) do(ctx context.Context, method, path string, values url.Values) (next, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, strings.NewReader(values.Encode()))
	if err != nil {
		return "", "", err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if r.cookie != nil {
		req.AddCookie(r.cookie)
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return "", "", err
	}
	defer resp.Body.Close()
	for _, c := range resp.Cookies() {
		r.cookie = c
	}
	b, err := io.ReadAll(resp.Body)
	want := map[string]int{http.MethodGet: http.StatusOK, http.MethodPost: http.StatusSeeOther}[method]
	if err == nil && resp.StatusCode != want {
		err = fmt.Errorf("%s %s: %d", method, path, resp.StatusCode)
	}
	return resp.Header.Get("Location"), string(b), err
}

// freeAddress is an address that nothing listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
