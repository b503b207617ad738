package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"voordeur/internal/message"
)

// SMTP sends through a mail server. The server must speak TLS, unless it is on this machine.
type SMTP struct {
	Server string // "host:port"
}

// smtpTimeout bounds each of connecting and sending.
const smtpTimeout = 15 * time.Second

// Send hands the mail to the server and returns its Message-ID.
func (s SMTP) Send(ctx context.Context, m message.Mail) (string, error) {
	msg, err := compose(m)
	if err != nil {
		return "", fmt.Errorf("compose mail: %w", err)
	}
	client, err := s.client(m)
	if err != nil {
		return "", fmt.Errorf("set up SMTP: %w", err)
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return "", fmt.Errorf("connect to mail server: %w", err)
	}
	err = client.SendWithSMTPClient(session, msg)
	// What comes after the server's yes, such as a farewell that fails, does not undo it.
	_ = session.Quit()
	_ = session.Close()
	if err != nil && !msg.IsDelivered() {
		return "", fmt.Errorf("send by SMTP: %w", withoutAddress(err))
	}
	return m.MessageID, nil
}

func (s SMTP) client(m message.Mail) (*gomail.Client, error) {
	host, port, err := net.SplitHostPort(s.Server)
	if err != nil {
		return nil, fmt.Errorf("mail server: %w", err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("port of mail server: %w", err)
	}
	tls := gomail.TLSMandatory
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		tls = gomail.NoTLS
	}
	_, domain, _ := strings.Cut(m.From.Address, "@")
	return gomail.NewClient(host,
		gomail.WithPort(number), gomail.WithTLSPolicy(tls), gomail.WithTimeout(smtpTimeout),
		gomail.WithHELO(domain), // by default it is this machine's name
	)
}

// withoutAddress keeps of a send error what may be logged: at which step it failed and the server's code. A server's
// words may repeat the recipient.
func withoutAddress(err error) error {
	failed, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return errors.New("mail server did not take it")
	}
	what := fmt.Errorf("%s: code %d", failed.Reason, failed.ErrorCode())
	if failed.ErrorCode() >= 500 && aboutThisMail(failed.Reason) {
		return fmt.Errorf("%w: %w", what, message.ErrRefused)
	}
	return what
}

// aboutThisMail says whether a refusal at this step is about the recipient or the content, and not about us.
func aboutThisMail(r gomail.SendErrReason) bool {
	return r == gomail.ErrSMTPRcptTo || r == gomail.ErrSMTPDataClose
}
