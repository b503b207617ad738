package inbox_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/http/httptest"
	netsmtp "net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
	gomail "github.com/wneessen/go-mail"

	"voordeur/infra/local/inbox"
)

// childFolder makes this test binary an inbox on the folder it names, which says its address and waits to be killed.
const childFolder = "INBOX_TEST_CHILD_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		b, err := inbox.Start(dir, noon)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(b.Address)
		select {}
	}
	os.Exit(m.Run())
}

func noon() time.Time { return time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC) }

func TestAMailIsShownAsItsReaderSeesIt(t *testing.T) {
	t.Parallel()
	b := start(t, "")
	text := "Hoi Zoë,\n\nEr staat iets nieuws voor je klaar. Deze regel is lang, zodat hij onderweg wordt afgebroken en weer heel aankomt.\n.\neen punt alleen\n"
	if err := send(t.Context(), b.Address, "zoe@waterstad.example", "Iets nieuws voor jou: één bericht", text, "<p>Hoi Zo&euml;</p>\n"); err != nil {
		t.Fatal(err)
	}
	all := b.All()
	if len(all) != 1 {
		t.Fatalf("got %d mails, want 1", len(all))
	}
	got := all[0]
	if got.Headers["Auto-Submitted"] == nil || got.Headers["Subject"][0] != got.Subject {
		t.Errorf("headers: got %q", got.Headers)
	}
	if !strings.Contains(string(got.Raw), "MIME-Version: 1.0\r\n") {
		t.Error("raw: not the message as it came")
	}
	got.Headers, got.Raw = nil, nil
	want := inbox.Mail{
		ID: "00000001", To: "zoe@waterstad.example", From: `Wijkteam Vóór Zuid <team@waterstad.example>`,
		Subject: "Iets nieuws voor jou: één bericht", Text: text, HTML: "<p>Hoi Zo&euml;</p>\n", At: noon(),
	}
	got.From = strings.ReplaceAll(got.From, `"`, "")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mail (-want +got):\n%s", diff)
	}
}

func TestOtherShapesOfMail(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		message    string
		text, html string
		code       int // of the refusal; 0: taken
	}{
		"plain without a content type": {"Subject: x\r\n\r\nhallo\r\n", "hallo\n", "", 0},
		"html alone in base64": {
			"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+aGFsbG88L2I+\r\n", "", "<b>hallo</b>", 0,
		},
		"an attachment is no text": {
			"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment\r\nContent-Type: text/plain\r\n\r\nbijlage\r\n" +
				"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain\r\n\r\nhallo\r\n--c--\r\n--b--\r\n", "hallo", "", 0,
		},
		"parts that break off":       {"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nhallo", "", "", 554},
		"no headers at all":          {"hallo\r\n", "", "", 554},
		"a charset other than UTF-8": {"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nhallo\r\n", "", "", 554},
		"more than a megabyte":       {"Subject: x\r\n\r\n" + strings.Repeat("hallo\r\n", 200_000), "", "", 552},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, "")
			err := netsmtp.SendMail(b.Address, nil, "a@waterstad.example", []string{"b@waterstad.example"}, []byte(c.message))
			if c.code != 0 {
				if err == nil || !strings.HasPrefix(err.Error(), fmt.Sprint(c.code)) || len(b.All()) != 0 {
					t.Errorf("got %v and %d mails, want code %d and none", err, len(b.All()), c.code)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := b.All()[0]; got.Text != c.text || got.HTML != c.html {
				t.Errorf("got %q and %q, want %q and %q", got.Text, got.HTML, c.text, c.html)
			}
		})
	}
}

func TestMailsSurviveARestart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "mail")
	for run := 1; run <= 3; run++ {
		b := start(t, dir)
		for n := 1; n <= 2; n++ {
			if err := send(t.Context(), b.Address, "a@waterstad.example", fmt.Sprintf("%d.%d", run, n), "x", "x"); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".new-123"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"3.2", "3.1", "2.2", "2.1", "1.2", "1.1"}, subjects(start(t, dir))); diff != "" {
		t.Errorf("newest first (-want +got):\n%s", diff)
	}
}

func TestAGapInTheFolderLosesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := start(t, dir)
	for _, subject := range []string{"1", "2", "3"} {
		if err := send(t.Context(), b.Address, "a@waterstad.example", subject, "x", "x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "00000001.eml")); err != nil {
		t.Fatal(err)
	}
	if err := send(t.Context(), start(t, dir).Address, "a@waterstad.example", "4", "x", "x"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"4", "3", "2"}, subjects(start(t, dir))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFileThatIsNoMailIsNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "00000001.eml"), []byte("hallo"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := inbox.Start(dir, noon); err == nil || !strings.Contains(err.Error(), "00000001.eml: not a mail of this inbox") {
		t.Errorf("got %v", err)
	}
}

// An accepted mail outlives a kill at any moment: whatever got its yes is found by the next start.
func TestAnAcceptedMailSurvivesAKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	accepted := map[string]bool{}
	for round := range 5 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), childFolder+"="+dir)
		child.Stderr = os.Stderr
		said, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		address, err := bufio.NewReader(said).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; ; n++ {
			if n == 3 { // some are in, and the next ones are on their way when the kill comes
				time.AfterFunc(time.Duration(1+7*round)*time.Millisecond, func() { _ = child.Process.Kill() })
			}
			subject := fmt.Sprintf("%d.%d", round, n)
			if err := send(t.Context(), strings.TrimSpace(address), "a@waterstad.example", subject, "x", "x"); err != nil {
				break // the kill
			}
			accepted[subject] = true
		}
		_ = child.Wait() // it was killed
	}
	if len(accepted) < 10 {
		t.Errorf("only %d mails were accepted before the kills: this shows nothing", len(accepted))
	}
	for _, subject := range subjects(start(t, dir)) {
		delete(accepted, subject) // what is there and was not answered is fine
	}
	if len(accepted) > 0 {
		t.Errorf("%d accepted mails are gone: %v", len(accepted), accepted)
	}
}

func TestManyMailsAtOnceAreAllKept(t *testing.T) {
	t.Parallel()
	const mails = 30
	dir := t.TempDir()
	b := start(t, dir)
	var all sync.WaitGroup
	for range mails {
		all.Go(func() {
			if err := send(t.Context(), b.Address, "a@waterstad.example", "x", "x", "x"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got, again := len(b.All()), len(start(t, dir).All()); got != mails || again != mails {
		t.Errorf("got %d mails and %d after a restart, want %d", got, again, mails)
	}
}

func TestRefusing(t *testing.T) {
	t.Parallel()
	b := start(t, "")
	b.Refuse(func(to string) error {
		switch to {
		case "gone@waterstad.example":
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
		case "busy@waterstad.example":
			return context.DeadlineExceeded
		}
		return nil
	})
	for to, code := range map[string]string{"gone@waterstad.example": "550", "busy@waterstad.example": "451"} {
		err := netsmtp.SendMail(b.Address, nil, "a@waterstad.example", []string{to}, []byte("Subject: x\r\n\r\nx\r\n"))
		if err == nil || !strings.HasPrefix(err.Error(), code) {
			t.Errorf("%s: got %v, want code %s", to, err, code)
		}
	}
	if err := send(t.Context(), b.Address, "fine@waterstad.example", "x", "x", "x"); err != nil || len(b.All()) != 1 {
		t.Errorf("another recipient: got %v and %d mails, want 1", err, len(b.All()))
	}
	b.Refuse(nil)
	if err := send(t.Context(), b.Address, "gone@waterstad.example", "x", "x", "x"); err != nil {
		t.Errorf("nobody refused any more: got %v", err)
	}
}

func TestJSONHasExactlyTheFieldsOfTheContract(t *testing.T) {
	t.Parallel()
	b := start(t, "")
	if got := get(t, b, inbox.Path+".json", http.StatusOK).Body.String(); strings.TrimSpace(got) != "[]" {
		t.Errorf("without mail: got %q, want []", got)
	}
	for _, subject := range []string{"first", "second"} {
		if err := send(t.Context(), b.Address, "a@waterstad.example", subject, "x", "x"); err != nil {
			t.Fatal(err)
		}
	}
	var got []map[string]any
	if err := json.Unmarshal(get(t, b, inbox.Path+".json", http.StatusOK).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0]["subject"] != "second" || got[0]["at"] != "2026-11-20T12:00:00Z" {
		t.Errorf("newest first: got %v", got)
	}
	want := map[string]bool{"id": true, "to": true, "from": true, "subject": true, "text": true, "html": true, "headers": true, "at": true}
	keys := map[string]bool{}
	for key := range got[0] {
		keys[key] = true
	}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	b := start(t, "")
	if got := get(t, b, inbox.Path, http.StatusOK).Body.String(); !strings.Contains(got, "Er is nog geen mail.") {
		t.Errorf("the empty list: got %q", got)
	}
	body := `<p style="color:red">"Hoi" &amp; <script>alert(1)</script></p>`
	if err := send(t.Context(), b.Address, "a@waterstad.example", `<script>alert(2)</script>`, `</pre><script>alert(3)</script>`, body); err != nil {
		t.Fatal(err)
	}
	list := get(t, b, inbox.Path, http.StatusOK).Body.String()
	mail := get(t, b, inbox.Path+"/00000001", http.StatusOK)
	get(t, b, inbox.Path+"/00000002", http.StatusNotFound)
	for name, shown := range map[string]string{"list": list, "mail": mail.Body.String()} {
		if strings.Contains(shown, "<script") {
			t.Errorf("%s: a script of the mail stands in the page", name)
		}
		if !strings.Contains(shown, "&lt;script&gt;alert(2)") || !strings.Contains(shown, "20-11-2026 13.00 uur") {
			t.Errorf("%s: no subject or no time in %s", name, shown)
		}
	}
	_, frame, _ := strings.Cut(mail.Body.String(), `srcdoc="`)
	frame, _, _ = strings.Cut(frame, `"`)
	if got := html.UnescapeString(frame); !strings.HasPrefix(got, body) {
		t.Errorf("the frame: got %q, want %q first", got, body)
	}
	if strings.Contains(mail.Body.String(), "allow-scripts") || strings.Contains(mail.Header().Get("Content-Security-Policy"), "script-src") {
		t.Error("scripts are allowed")
	}
}

func start(t *testing.T, dir string) *inbox.Inbox {
	t.Helper()
	b, err := inbox.Start(dir, noon)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() }) // some tests close it themselves
	return b
}

// send sends with the client that the service uses.
func send(ctx context.Context, address, to, subject, text, html string) error {
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := message.FromFormat("Wijkteam Vóór Zuid", "team@waterstad.example"); err != nil {
		return err
	}
	if err := message.To(to); err != nil {
		return err
	}
	message.Subject(subject)
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.SetBodyString(gomail.TypeTextPlain, text)
	message.AddAlternativeString(gomail.TypeTextHTML, html)

	server, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient("127.0.0.1", gomail.WithPort(server.Port), gomail.WithTLSPolicy(gomail.NoTLS))
	if err != nil {
		return err
	}
	return client.DialAndSendWithContext(ctx, message)
}

func subjects(b *inbox.Inbox) []string {
	var got []string
	for _, m := range b.All() {
		got = append(got, m.Subject)
	}
	return got
}

func get(t *testing.T, b *inbox.Inbox, path string, status int) *httptest.ResponseRecorder {
	t.Helper()
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	b.Pages(amsterdam).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != status {
		t.Errorf("%s: got status %d, want %d", path, w.Code, status)
	}
	return w
}
