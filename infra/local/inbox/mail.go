package inbox

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
)

// Mail is one message as its reader sees it.
type Mail struct {
	ID      string              `json:"id"`
	To      string              `json:"to"`      // the bare address it was delivered to
	From    string              `json:"from"`    // as the reader sees it, with the name
	Subject string              `json:"subject"` // decoded
	Text    string              `json:"text"`    // with \n line ends
	HTML    string              `json:"html"`    // with \n line ends
	Headers map[string][]string `json:"headers"` // decoded, by canonical name
	At      time.Time           `json:"at"`      // when it was accepted, in UTC
	Raw     []byte              `json:"-"`       // the message as it came
}

// envelope is what SMTP says about a message, kept in three header lines before it, as mail servers do.
type envelope struct {
	from, to string
	at       time.Time
}

const (
	returnPath  = "Return-Path: <"
	deliveredTo = "Delivered-To: <"
	receivedAt  = "X-Received-At: <"
)

func withEnvelope(e envelope, raw []byte) []byte {
	var kept bytes.Buffer
	fmt.Fprintf(&kept, "%s%s>\r\n%s%s>\r\n%s%s>\r\n", returnPath, e.from, deliveredTo, e.to, receivedAt, e.at.Format(time.RFC3339Nano))
	kept.Write(raw)
	return kept.Bytes()
}

// cutEnvelope is the inverse of withEnvelope.
func cutEnvelope(kept []byte) (e envelope, raw []byte, err error) {
	errNoEnvelope := errors.New("not a mail of this inbox")
	rest := string(kept)
	values := make([]string, 0, 3)
	for _, name := range []string{returnPath, deliveredTo, receivedAt} {
		line, after, _ := strings.Cut(rest, "\r\n")
		value, hasName := strings.CutPrefix(line, name)
		value, hasEnd := strings.CutSuffix(value, ">")
		if !hasName || !hasEnd {
			return envelope{}, nil, errNoEnvelope
		}
		values, rest = append(values, value), after
	}
	at, err := time.Parse(time.RFC3339Nano, values[2])
	if err != nil {
		return envelope{}, nil, errNoEnvelope
	}
	return envelope{from: values[0], to: values[1], at: at}, []byte(rest), nil
}

// parseKept reads a message with its envelope.
func parseKept(id string, kept []byte) (Mail, error) {
	e, raw, err := cutEnvelope(kept)
	if err != nil {
		return Mail{}, err
	}
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, fmt.Errorf("read the headers: %w", err)
	}
	m := Mail{ID: id, To: e.to, From: e.from, At: e.at, Raw: raw}
	if m.Headers, err = decodeHeaders(message.Header); err != nil {
		return Mail{}, err
	}
	if from := m.Headers["From"]; len(from) > 0 {
		m.From = from[0]
	}
	if subject := m.Headers["Subject"]; len(subject) > 0 {
		m.Subject = subject[0]
	}
	if err := m.readPart(textproto.MIMEHeader(message.Header), message.Body); err != nil {
		return Mail{}, err
	}
	return m, nil
}

func decodeHeaders(encoded mail.Header) (map[string][]string, error) {
	var words mime.WordDecoder
	decoded := make(map[string][]string, len(encoded))
	for name, values := range encoded {
		for _, value := range values {
			text, err := words.DecodeHeader(value)
			if err != nil {
				return nil, fmt.Errorf("decode header %s: %w", name, err)
			}
			decoded[name] = append(decoded[name], text)
		}
	}
	return decoded, nil
}

// readPart reads a part and those within it, and keeps the first text and the first HTML that are no attachments.
func (m *Mail) readPart(header textproto.MIMEHeader, body io.Reader) error {
	kind, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if header.Get("Content-Type") == "" {
		kind, err = "text/plain", nil
	}
	if err != nil {
		return fmt.Errorf("read a content type: %w", err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		return m.readParts(multipart.NewReader(body, parameters["boundary"]))
	}
	disposition, _, _ := mime.ParseMediaType(header.Get("Content-Disposition"))
	var into *string
	switch {
	case disposition == "attachment":
		return nil
	case kind == "text/plain" && m.Text == "":
		into = &m.Text
	case kind == "text/html" && m.HTML == "":
		into = &m.HTML
	default:
		return nil
	}
	if charset := strings.ToLower(parameters["charset"]); charset != "" && charset != "utf-8" && charset != "us-ascii" {
		return errors.New("a charset other than UTF-8")
	}
	content, err := io.ReadAll(decodeTransfer(header.Get("Content-Transfer-Encoding"), body))
	if err != nil {
		return fmt.Errorf("decode a part: %w", err)
	}
	*into = strings.ReplaceAll(string(content), "\r\n", "\n")
	return nil
}

func (m *Mail) readParts(parts *multipart.Reader) error {
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the parts: %w", err)
		}
		if err := m.readPart(part.Header, part); err != nil {
			return err
		}
	}
}

func decodeTransfer(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	default:
		return body
	}
}
