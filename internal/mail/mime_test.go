package mail

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/message"
	"voordeur/internal/municipality"
)

var update = flag.Bool("update", false, "rewrite the golden files") //nolint:gochecknoglobals // a flag of the test binary

// maxSize is how large a whole mail may be, in bytes (ux 25).
const maxSize = 15 << 10

func example() message.Mail {
	return message.Mail{
		Case:      "K7M-4RT-9XC",
		MessageID: "0123456789abcdef0123456789abcdef@waterstad.example",
		To:        "bewoner+post@thuis.example",
		From:      municipality.Sender{Name: "Hulp in de wijk", Address: "post@waterstad.example"},
		ReplyTo:   "noord@waterstad.example",
		Date:      time.Date(2026, 11, 20, 13, 5, 0, 0, time.UTC),
		Subject:   "Nog niet bekeken: casus K7M-4RT-9XC",
		Text: "Hallo,\n\nBel vóór vrijdag 27 november, 17.00 uur: dat is een regel die zo lang is dat hij gebroken wordt.\n" +
			".\nEen punt alleen op een regel is geen einde.\n",
		HTML: "<!doctype html>\n<html lang=\"nl\">\n<body>\n<p>Bel vóór vrijdag 27 november, 17.00 uur.</p>\n</body>\n</html>\n",
	}
}

func TestMIMEReadsAsTheGoldenFile(t *testing.T) {
	got, err := raw(example())
	if err != nil {
		t.Fatal(err)
	}
	const path = "testdata/example.eml"
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("MIME differs (-want +got):\n%s", diff)
	}
}

//ux:25
func TestMIMEParsesBackToWhatWasSent(t *testing.T) {
	m := example()
	data, err := raw(m)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > maxSize {
		t.Errorf("MIME of %d bytes, want at most %d", len(data), maxSize)
	}
	if n := bytes.Count(data, []byte("\n")); n != bytes.Count(data, []byte("\r\n")) || n != bytes.Count(data, []byte("\r")) {
		t.Error("a line ends otherwise than in CRLF")
	}
	for line := range bytes.SplitSeq(data, []byte("\r\n")) {
		if len(line) > 78 {
			t.Errorf("line of %d bytes: %s", len(line), line)
		}
	}
	parsed, text, html := parse(t, data)
	want := netmail.Header{
		"From": {`"Hulp in de wijk" <post@waterstad.example>`}, "To": {"<bewoner+post@thuis.example>"},
		"Reply-To": {"<noord@waterstad.example>"}, "Subject": {m.Subject}, "Date": {"Fri, 20 Nov 2026 13:05:00 +0000"},
		"Message-Id": {"<" + m.MessageID + ">"}, "Auto-Submitted": {"auto-generated"}, "Mime-Version": {"1.0"},
		"Content-Type": {"multipart/alternative; boundary=part-0123456789abcdef0123456789abcdef"},
	}
	if diff := cmp.Diff(want, parsed.Header); diff != "" {
		t.Errorf("headers differ, and no other may be there (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{m.Text, m.HTML}, []string{text, html}); diff != "" {
		t.Errorf("parts differ (-want +got):\n%s", diff)
	}
}

// parse reads a mail's header, text and HTML, with \n line ends.
func parse(t *testing.T, data []byte) (m *netmail.Message, text, html string) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type %s: %v", kind, err)
	}
	parts := map[string]string{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return m, parts["text/plain; charset=UTF-8"], parts["text/html; charset=UTF-8"]
		}
		if err != nil {
			t.Fatal(err)
		}
		if e := part.Header.Get("Content-Transfer-Encoding"); e != "quoted-printable" {
			t.Errorf("part is encoded as %s, want quoted-printable", e)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		parts[part.Header.Get("Content-Type")] = strings.ReplaceAll(string(body), "\r\n", "\n")
	}
}

// threat:T08
func TestNoTextEntersAHeader(t *testing.T) {
	injections := []string{
		"\r\nBcc: thief@elsewhere.example", "\nBcc: thief@elsewhere.example", "\rBcc: thief@elsewhere.example",
		"\r\n\r\nBcc: thief@elsewhere.example", "\x00", "\u0085Bcc: thief@elsewhere.example",
	}
	fields := map[string]func(m *message.Mail) *string{
		"recipient":     func(m *message.Mail) *string { return &m.To },
		"sender":        func(m *message.Mail) *string { return &m.From.Address },
		"sender's name": func(m *message.Mail) *string { return &m.From.Name },
		"reply address": func(m *message.Mail) *string { return &m.ReplyTo },
		"subject":       func(m *message.Mail) *string { return &m.Subject },
		"message id":    func(m *message.Mail) *string { return &m.MessageID },
	}
	for name, field := range fields {
		t.Run(name, func(t *testing.T) {
			for _, injection := range injections {
				for _, place := range []func(string) string{
					func(s string) string { return s + injection },
					func(s string) string { return s[:3] + injection + s[3:] },
				} {
					m := example()
					*field(&m) = place(*field(&m))
					if _, err := raw(m); !errors.Is(err, message.ErrRefused) {
						t.Errorf("with %q: error %v, want ErrRefused", injection, err)
					} else if strings.Contains(err.Error(), "@") {
						t.Errorf("with %q: the error repeats an address", injection)
					}
				}
			}
		})
	}
}

// threat:T08
func TestARecipientIsOneBareAddress(t *testing.T) {
	tests := map[string]struct {
		to string
		ok bool
	}{
		"a plain address":            {"sam@thuis.example", true},
		"with a plus":                {"sam+wijk@thuis.example", true},
		"two addresses":              {"sam@thuis.example, thief@elsewhere.example", false},
		"a name before the address":  {"Sam <sam@thuis.example>", false},
		"a comment":                  {"sam@thuis.example (thief@elsewhere.example)", false},
		"a group":                    {"all: sam@thuis.example, thief@elsewhere.example;", false},
		"a route":                    {"<@elsewhere.example:sam@thuis.example>", false},
		"nothing":                    {"", false},
		"no address at all":          {"bel maar", false},
		"a quoted line end":          {"\"sam\r\n\"@thuis.example", false},
		"a name without an encoding": {"=?utf-8?q?x=0D=0ABcc:_y?= <sam@thuis.example>", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := example()
			m.To = test.to
			_, err := raw(m)
			if test.ok != (err == nil) || (err != nil && !errors.Is(err, message.ErrRefused)) {
				t.Errorf("error %v, want accepted %v", err, test.ok)
			}
		})
	}
}

// threat:T08
func FuzzTheHeaderStaysOurs(f *testing.F) {
	f.Add("sam@thuis.example", "Je bericht is aangekomen")
	f.Add("sam@thuis.example\r\nBcc: x@y.example", "a\r\nBcc: x@y.example")
	f.Add("\"a b\"@thuis.example", "vóór =?utf-8?q?=0D=0ABcc:?=")
	ours := []string{"From", "To", "Reply-To", "Subject", "Date", "Message-Id", "Auto-Submitted", "Mime-Version", "Content-Type"}
	f.Fuzz(func(t *testing.T, to, subject string) {
		m := example()
		m.To, m.Subject = to, subject
		data, err := raw(m)
		if err != nil {
			return
		}
		parsed, text, html := parse(t, data)
		if len(parsed.Header) != len(ours) || text != m.Text || html != m.HTML {
			t.Fatalf("mail has %d headers and parts of %d and %d bytes", len(parsed.Header), len(text), len(html))
		}
		for _, key := range ours {
			if len(parsed.Header[key]) != 1 {
				t.Errorf("header %s stands there %d times", key, len(parsed.Header[key]))
			}
		}
		if list, err := parsed.Header.AddressList("To"); err != nil || len(list) != 1 || list[0].Address != to {
			t.Errorf("the mail is for %d others than its recipient: %v", len(list), err)
		}
	})
}
