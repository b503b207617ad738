package main

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/message"
)

// tellsDelivered is a transport to the stand-in for the mail service, which says at once what SES tells later: the stand-in took
// the mail, so it is delivered.
type tellsDelivered struct {
	message.Transport
	store        *dynamo.Store
	municipality string // its id
	now          func() time.Time
}

// Send sends, and tells.
func (t tellsDelivered) Send(ctx context.Context, m message.Mail) (string, error) {
	provider, err := t.Transport.Send(ctx, m)
	if err != nil || m.Case == "" { // of a code nobody keeps what became of it
		return provider, err
	}
	key, _, _ := strings.Cut(m.MessageID, "@")
	is := func(id string) bool { return message.Key(t.municipality, m.Case, id) == key }
	if _, _, err := t.store.Feedback(ctx, m.Case, is, casework.Delivered, t.now()); err != nil {
		slog.WarnContext(ctx, "nobody was told that a mail was delivered", slog.String("case", string(m.Case)), slog.Any("error", err))
	}
	return provider, nil
}
