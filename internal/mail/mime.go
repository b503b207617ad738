// Package mail hands rendered messages to a mail service: SMTP or Amazon SES. Both send the same MIME.
package mail

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"voordeur/internal/message"
)

// compose makes the MIME message: text and HTML, quoted-printable, nothing of the machine or the library in its
// headers. message.ErrRefused: an address or another header holds what cannot stand there (T08).
func compose(m message.Mail) (*gomail.Msg, error) {
	from, err := bare(m.From.Address)
	if err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	to, err := bare(m.To)
	if err != nil {
		return nil, fmt.Errorf("recipient: %w", err)
	}
	replyTo, err := bare(m.ReplyTo)
	if err != nil {
		return nil, fmt.Errorf("reply address: %w", err)
	}
	for _, text := range []string{m.Subject, m.From.Name, m.MessageID} {
		if strings.ContainsFunc(text, unicode.IsControl) {
			return nil, fmt.Errorf("header with a control character: %w", message.ErrRefused)
		}
	}
	from.Name = m.From.Name
	key, _, _ := strings.Cut(m.MessageID, "@")

	msg := gomail.NewMsg(
		gomail.WithCharset(gomail.CharsetUTF8),
		gomail.WithEncoding(gomail.EncodingQP),
		gomail.WithBoundary("part-"+key),
		gomail.WithNoDefaultUserAgent(),
	)
	msg.FromMailAddress(from)
	msg.ToMailAddress(to)
	msg.ReplyToMailAddress(replyTo)
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.MessageID)
	msg.SetDateWithValue(m.Date)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return msg, nil
}

// raw returns the message as bytes with CRLF line ends.
func raw(m message.Mail) ([]byte, error) {
	msg, err := compose(m)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write MIME: %w", err)
	}
	return b.Bytes(), nil
}

// bare reads an address that stands alone: no name, no list, no comment. Its error does not repeat the address.
func bare(address string) (*netmail.Address, error) {
	a, err := netmail.ParseAddress(address)
	if err != nil || a.Address != address {
		return nil, fmt.Errorf("not one bare address: %w", message.ErrRefused)
	}
	return a, nil
}
