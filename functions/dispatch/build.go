package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"voordeur/functions/dispatch/smoke"
	"voordeur/functions/wiring"
	"voordeur/functions/wiring/opening"
	"voordeur/internal/bucket"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/mail"
	"voordeur/internal/message"
	"voordeur/internal/web/texts"
)

type config struct {
	opening.Config
	links            message.Links
	configurationSet string
	digestBucket     string
	resolver         *net.Resolver
}

// build reads the environment and connects the parts.
func build(e *wiring.Environment, log *slog.Logger, now func() time.Time) (*dispatcher, error) {
	c := config{
		Config:           opening.Read(e),
		links:            message.Links{Public: e.Base("PUBLIC_URL"), Desk: e.Base("DESK_URL") + "/desk/"},
		configurationSet: e.Text("SES_CONFIGURATION_SET"),
		digestBucket:     e.Text("DIGEST_BUCKET"),
		resolver:         e.Resolver("DNS_SERVER"),
	}
	if err := e.Err(); err != nil {
		return nil, err
	}
	store, work := c.Work("", now)
	ses := sesv2.NewFromConfig(c.AWS)
	delivery := &message.Delivery{
		Writer: message.NewWriter(c.Municipality), Outbox: store, Cases: store, Opener: work.Opener, Matcher: work.Matcher, Links: c.links,
		TestLead: c.Municipality.Deployment.SmokeTestTo,
		Transport: &mail.Checked{
			Sender:    mail.Sender{Client: ses, Domain: c.Municipality.Sender.Domain(), ConfigurationSet: c.configurationSet},
			Resolver:  c.resolver,
			Transport: mail.SES{Client: ses, ConfigurationSet: c.configurationSet},
		},
	}
	dispatch := dynamo.Dispatch{
		Store: store, Take: work.Take, Deliver: delivery.Deliver, Overdue: work.Overdue, Undelivered: work.Undelivered, TakeOver: work.TakeOver,
		Waiting: work.TellWaiting, SendCode: delivery.SendCode, Confirmed: work.Confirmed, Retention: c.Municipality.Retention,
	}
	digests := casework.Digests{
		Municipality: c.Municipality.ID, Store: store, Bucket: bucket.Bucket{Client: s3.NewFromConfig(c.AWS), Name: c.digestBucket},
	}
	loads := casework.Loads{Store: store}
	forms := &dynamo.Forms{Store: store, Asked: func() (form.Asked, error) { return texts.AskedForm(c.Municipality) }}
	test := smoke.Test{
		Municipality: c.Municipality, Work: work, Store: store, Base: c.links.Public, Transport: http.DefaultTransport, Log: log,
	}
	return &dispatcher{
		inserted: dispatch.Inserted, keepDigest: digests.KeepNext, countLoads: loads.CountNext, smokeTest: test.Run, delivered: test.Delivered,
		cameBack: work.CameBack, now: now, log: log,
		sweep: func(ctx context.Context, now time.Time) error {
			return errors.Join(forms.Keep(ctx), dispatch.Sweep(ctx, now))
		},
		late: func(ctx context.Context, now time.Time) (late, error) {
			return lateOf(ctx, now, store, c.Municipality.Rules)
		},
		told: func(ctx context.Context, n notice) (casework.Message, bool, error) {
			is := func(id string) bool { return message.Key(c.Municipality.ID, n.ref, id) == n.key }
			return store.Feedback(ctx, n.ref, is, n.told, n.at)
		},
	}, nil
}
