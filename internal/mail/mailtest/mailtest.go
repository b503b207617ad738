// Package mailtest starts a mail server for tests, which keeps what it gets and fails when told to.
package mailtest

import (
	"io"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// Server is an SMTP server on this machine.
type Server struct {
	Address string // "127.0.0.1:port"

	mu    sync.Mutex
	mails []Received
	fail  map[Step]*smtp.SMTPError
	hello string
}

// Received is one mail that the server took.
type Received struct {
	From, To string // of the envelope
	Data     []byte
}

// Step is a step of handing over a mail at which the server can fail.
type Step string

// The steps. After is when the mail has been taken and the client has yet to say goodbye.
const (
	AtFrom Step = "MAIL FROM"
	AtTo   Step = "RCPT TO"
	AtData Step = "DATA"
	After  Step = "RSET"
)

// Start starts a server that ends with the test.
func Start(tb testing.TB) *Server {
	tb.Helper()
	listener, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{Address: listener.Addr().String(), fail: map[Step]*smtp.SMTPError{}}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.hello = c.Hostname()
		return &session{server: s, conn: c}, nil
	}))
	server.ErrorLog = silent{} // a server that hangs up on purpose has nothing to report
	go func() { _ = server.Serve(listener) }()
	tb.Cleanup(func() { _ = server.Close() })
	return s
}

// Fail makes a step fail from now on with an SMTP code and text; code 0 makes it succeed again.
func (s *Server) Fail(at Step, code int, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if code == 0 {
		delete(s.fail, at)
		return
	}
	s.fail[at] = &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: text}
}

// Mails returns the mails taken so far, oldest first.
func (s *Server) Mails() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Hello is how the last client introduced itself.
func (s *Server) Hello() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hello
}

func (s *Server) failing(at Step) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.fail[at]; err != nil {
		return err
	}
	return nil
}

type session struct {
	server *Server
	conn   *smtp.Conn
	mail   Received
	taken  bool
}

func (n *session) Mail(from string, _ *smtp.MailOptions) error {
	n.mail.From = from
	return n.server.failing(AtFrom)
}

func (n *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	n.mail.To = to
	return n.server.failing(AtTo)
}

func (n *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := n.server.failing(AtData); err != nil {
		return err
	}
	n.mail.Data = data
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	n.server.mails = append(n.server.mails, n.mail)
	n.taken = true
	return nil
}

func (n *session) Reset() {
	if n.taken && n.server.failing(After) != nil {
		_ = n.conn.Conn().Close()
	}
}

func (n *session) Logout() error { return nil }

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}
