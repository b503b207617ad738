// Command dispatch is the Lambda without pages: it routes new cases, sends messages, takes feedback on mails and keeps
// time.
package main

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"voordeur/functions/wiring"
	"voordeur/functions/wiring/opening"
	"voordeur/internal/dynamo"
	"voordeur/internal/mail"
	"voordeur/internal/message"
)

func main() {
	log := lambdacontext.NewLogger()
	handler, err := build(wiring.NewEnvironment(os.Getenv), log)
	if err != nil {
		log.Error("function does not start", slog.Any("error", err))
		os.Exit(1)
	}
	lambda.Start(handler.handle)
}

type config struct {
	opening.Config
	links            message.Links
	configurationSet string
}

func build(e *wiring.Environment, log *slog.Logger) (*dispatcher, error) {
	c := config{
		Config:           opening.Read(e),
		links:            message.Links{Public: e.Base("PUBLIC_URL"), Desk: e.Base("DESK_URL") + "/desk/"},
		configurationSet: e.Text("SES_CONFIGURATION_SET"),
	}
	if err := e.Err(); err != nil {
		return nil, err
	}
	store, work := c.Work("", time.Now)
	delivery := &message.Delivery{
		Writer: message.NewWriter(c.Municipality), Outbox: store, Cases: store, Opener: work.Opener, Links: c.links,
		Transport: mail.SES{Client: sesv2.NewFromConfig(c.AWS), ConfigurationSet: c.configurationSet},
	}
	dispatch := dynamo.Dispatch{Store: store, Take: work.Take, Deliver: delivery.Deliver, Overdue: work.Overdue}
	return &dispatcher{
		inserted: dispatch.Inserted, sweep: dispatch.Sweep, now: time.Now, log: log,
		told: func(ctx context.Context, n notice) error {
			is := func(id string) bool { return message.Key(c.Municipality.ID, n.ref, id) == n.key }
			return store.Feedback(ctx, n.ref, is, n.told, n.at)
		},
	}, nil
}
