// Package inbox stands in for the mail service on this machine: it takes mail over SMTP, keeps every message it said
// yes to, and shows them as their readers would see them. It belongs to the service on this machine and to tests.
package inbox

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"voordeur/infra/local/durable"
)

const (
	maxMessage = 1 << 20          // bytes; ours are some 15 KB
	patience   = 30 * time.Second // with a client that says nothing
)

// Inbox is a running mail sink. Make one with Start.
type Inbox struct {
	Address string // of its SMTP server, "127.0.0.1:49152"

	dir    string
	now    func() time.Time
	server *smtp.Server

	mu     sync.Mutex
	mails  []Mail // oldest first
	last   int    // number of the newest one; ids are numbers
	refuse func(to string) error
}

// Start opens the folder, made when absent, with the mails that earlier runs kept, and takes mail on a free port. With
// dir "" mails stay in memory. now dates the mails.
func Start(dir string, now func() time.Time) (*Inbox, error) {
	b := &Inbox{dir: dir, now: now}
	if err := b.load(); err != nil {
		return nil, fmt.Errorf("open the inbox: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // on the loopback nothing waits
	if err != nil {
		return nil, fmt.Errorf("open the inbox: %w", err)
	}
	b.Address = listener.Addr().String()
	b.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{inbox: b}, nil }))
	b.server.Domain = "localhost"
	b.server.MaxMessageBytes = maxMessage
	b.server.MaxRecipients = 1 // as the service sends: so that a yes is for one file
	b.server.ReadTimeout, b.server.WriteTimeout = patience, patience
	b.server.ErrorLog = log.New(io.Discard, "", 0) // its lines repeat what clients sent
	go func() {
		_ = b.server.Serve(listener) // it ends with Close
	}()
	return b, nil
}

// Close ends the SMTP server. A message that was not yet answered may be lost, as with any mail server.
func (b *Inbox) Close() error {
	if err := b.server.Close(); err != nil {
		return fmt.Errorf("close the inbox: %w", err)
	}
	return nil
}

// All returns the mails, newest first.
func (b *Inbox) All() []Mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := slices.Clone(b.mails)
	slices.Reverse(all)
	return all
}

// Refuse lets decide refuse recipients from now on; nil refuses nobody. An *smtp.SMTPError is answered as it is, any
// other error as a temporary failure (451).
func (b *Inbox) Refuse(decide func(to string) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refuse = decide
}

func (b *Inbox) allowed(to string) error {
	b.mu.Lock()
	decide := b.refuse
	b.mu.Unlock()
	if decide == nil {
		return nil
	}
	return decide(to)
}

// load reads the folder.
func (b *Inbox) load() error {
	if b.dir == "" {
		return nil
	}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return err
	}
	files, err := os.ReadDir(b.dir) // in the order of their names
	if err != nil {
		return err
	}
	for _, file := range files {
		id, isMail := strings.CutSuffix(file.Name(), ".eml")
		if !isMail {
			continue // what a kill left half-written was never answered
		}
		path := filepath.Join(b.dir, file.Name())
		kept, err := os.ReadFile(path) //nolint:gosec // the operator's own data folder
		if err != nil {
			return err
		}
		m, err := parseKept(id, kept)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if b.last, err = strconv.Atoi(id); err != nil {
			return fmt.Errorf("%s: its name is no number", path)
		}
		b.mails = append(b.mails, m)
	}
	return nil
}

// keep stores a message; when it returns without an error, no kill can lose it.
func (b *Inbox) keep(from, to string, raw []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	id := fmt.Sprintf("%08d", b.last+1)
	kept := withEnvelope(envelope{from: from, to: to, at: b.now().UTC()}, raw)
	m, err := parseKept(id, kept)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "this is no mail one can read"}
	}
	if b.dir != "" {
		if err := durable.WriteFile(filepath.Join(b.dir, id+".eml"), kept); err != nil {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: err.Error()}
		}
	}
	b.mails, b.last = append(b.mails, m), b.last+1
	return nil
}

// session is one SMTP connection.
type session struct {
	inbox    *Inbox
	from, to string
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.inbox.allowed(to); err != nil {
		return err
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	var raw bytes.Buffer
	if _, err := raw.ReadFrom(r); err != nil {
		return err
	}
	return s.inbox.keep(s.from, s.to, raw.Bytes())
}

func (s *session) Reset()        { s.from, s.to = "", "" }
func (s *session) Logout() error { return nil }
