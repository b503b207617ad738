package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"voordeur/functions/dispatch/smoke"
	localbucket "voordeur/infra/local/bucket"
	"voordeur/infra/local/clock"
	"voordeur/infra/local/dynoxide"
	"voordeur/infra/local/example"
	"voordeur/infra/local/inbox"
	"voordeur/infra/local/kms"
	"voordeur/infra/local/oidc"
	"voordeur/internal/bucket"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/mail"
	"voordeur/internal/message"
	"voordeur/internal/municipality"
	"voordeur/internal/seal/vault"
	"voordeur/internal/web/texts"
	"voordeur/schemas/check"
)

// service is everything that runs.
type service struct {
	base         string // "http://127.0.0.1:8080"
	municipality *municipality.Municipality
	staff        example.Staff
	listener     net.Listener
	clock        *clock.Clock
	inbox        *inbox.Inbox
	provider     *oidc.Provider
	database     *dynoxide.Server
	store        *dynamo.Store
	dispatch     dynamo.Dispatch
	digests      casework.Digests
	loads        casework.Loads
	smokeTest    smoke.Test
	stream       *stream
	handler      http.Handler
	closers      []func() error // in order of opening
}

// start opens everything in the order in which it is needed. What is wrong is said in one line.
func start(ctx context.Context, s settings) (_ *service, err error) {
	v := &service{}
	defer func() {
		if err != nil {
			err = errors.Join(err, v.close())
		}
	}()
	if v.municipality, err = readMunicipality(s.municipality); err != nil {
		return nil, err
	}
	unlock, err := dynoxide.Lock(s.data)
	if err != nil {
		return nil, err
	}
	v.closers = append(v.closers, unlock)
	if err := v.listen(ctx, s.addr); err != nil {
		return nil, err
	}
	if v.database, err = dynoxide.Start(ctx, dynoxide.Options{
		Binary: s.dynoxide, DBPath: filepath.Join(s.data, "store.db"),
	}); err != nil {
		if s.dynoxide != "" {
			err = fmt.Errorf("DYNOXIDE_BIN is %s: %w", s.dynoxide, err)
		}
		return nil, err
	}
	v.closers = append(v.closers, v.database.Stop)
	if v.clock, err = clock.New(filepath.Join(s.data, "clock.json"), time.Now); err != nil {
		return nil, err
	}
	if v.inbox, err = inbox.Start(filepath.Join(s.data, "mail"), v.clock.Now); err != nil {
		return nil, err
	}
	v.closers = append(v.closers, v.inbox.Close)
	return v, v.assemble(ctx, s.data)
}

func readMunicipality(file string) (*municipality.Municipality, error) {
	data, err := os.ReadFile(file) //nolint:gosec // the operator's own file
	if err != nil {
		return nil, fmt.Errorf("read the municipality's file: %w", err)
	}
	m, err := check.Municipality(data)
	if err != nil {
		return nil, fmt.Errorf("%s has faults:\n%w", file, err)
	}
	return m, nil
}

func (v *service) listen(ctx context.Context, addr string) (err error) {
	if v.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", addr); err != nil {
		return fmt.Errorf("%s cannot be listened on (set ADDR to another): %w", addr, err)
	}
	v.closers = append(v.closers, func() error {
		if err := v.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	v.base = "http://" + v.listener.Addr().String()
	return nil
}

// assemble connects the parts as the functions do.
func (v *service) assemble(ctx context.Context, data string) error {
	keyVault, err := v.vault(ctx, data)
	if err != nil {
		return err
	}
	config := dynoxide.Config(v.database.Endpoint)
	v.store = &dynamo.Store{Client: dynamodb.NewFromConfig(config), Cases: v.municipality.ID + "-cases", Short: v.municipality.ID + "-short"}
	town, err := example.Open(ctx, v.municipality, v.store, keyVault)
	if err != nil {
		return fmt.Errorf("set up the municipality: %w", err)
	}
	delivery := &message.Delivery{
		Writer: message.NewWriter(v.municipality), Outbox: v.store, Cases: v.store, Opener: town.Opener, Matcher: town.Work.Matcher,
		Transport: tellsDelivered{mail.SMTP{Server: v.inbox.Address}, v.store, v.municipality.ID, v.clock.Now},
		Links:     message.Links{Public: v.base, Desk: v.base + "/desk/"},
		TestLead:  v.municipality.Deployment.SmokeTestTo,
	}
	v.dispatch = dynamo.Dispatch{
		Store: v.store, Take: town.Work.Take, Deliver: delivery.Deliver, Overdue: town.Work.Overdue, TakeOver: town.Work.TakeOver,
		Undelivered: town.Work.Undelivered, Confirmed: town.Work.Confirmed,
		Waiting: town.Work.TellWaiting, SendCode: delivery.SendCode, Retention: v.municipality.Retention,
	}
	v.loads = casework.Loads{Store: v.store}
	if v.digests, err = v.openDigests(ctx, data); err != nil {
		return err
	}
	v.smokeTest = smoke.Test{
		Municipality: v.municipality, Work: town.Work, Store: v.store, Base: v.base, Transport: http.DefaultTransport, Log: slog.Default(),
	}
	v.stream = &stream{
		client: dynamodbstreams.NewFromConfig(config), table: v.store.Cases,
		inserted: func(ctx context.Context, k dynamo.Key) error { return v.dispatch.Inserted(ctx, v.clock.Now(), k) },
	}
	asked, err := texts.AskedForm(v.municipality)
	if err != nil {
		return err
	}
	if err := v.store.KeepForm(ctx, asked); err != nil {
		return err
	}
	return v.pages(data, town)
}

// vault starts the stand-in for key management on a port of its own.
func (v *service) vault(ctx context.Context, data string) (vault.Vault, error) {
	const keyID = "alias/local"
	fake, err := kms.New(keyID, filepath.Join(data, "kms.key"))
	if err != nil {
		return vault.Vault{}, err
	}
	endpoint, err := v.standIn(ctx, "key management", fake)
	if err != nil {
		return vault.Vault{}, err
	}
	client := awskms.NewFromConfig(dynoxide.Config(endpoint))
	return vault.Vault{KMS: client, KeyID: keyID, Municipality: v.municipality.ID}, nil
}

// openDigests starts the stand-in for the locked bucket on a port of its own.
func (v *service) openDigests(ctx context.Context, data string) (casework.Digests, error) {
	fake, err := localbucket.New(filepath.Join(data, "buckets"))
	if err != nil {
		return casework.Digests{}, err
	}
	endpoint, err := v.standIn(ctx, "the bucket", fake)
	if err != nil {
		return casework.Digests{}, err
	}
	client := s3.NewFromConfig(dynoxide.Config(endpoint))
	return casework.Digests{
		Municipality: v.municipality.ID, Store: v.store, Bucket: bucket.Bucket{Client: client, Name: v.municipality.ID + "-digests"},
	}, nil
}

// standIn serves what stands in for a part of AWS, and returns where.
func (v *service) standIn(ctx context.Context, what string, handler http.Handler) (endpoint string, err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen for %s: %w", what, err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: readHeaderWithin}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			slog.ErrorContext(ctx, "a stand-in ended", slog.String("what", what), slog.Any("error", err))
		}
	}()
	v.closers = append(v.closers, server.Close)
	return "http://" + l.Addr().String(), nil
}

const (
	readHeaderWithin = 5 * time.Second
	endWithin        = 5 * time.Second
	sweepEvery       = time.Minute
)

// serve answers, listens to the stream and sweeps every minute until ctx ends; then what is under way is finished.
func (v *service) serve(ctx context.Context) error {
	server := &http.Server{Handler: v.handler, ReadHeaderTimeout: readHeaderWithin}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(v.listener) }()
	inner, stop := context.WithCancel(ctx)
	background := make(chan struct{})
	go func() {
		defer close(background)
		v.dispatchUntil(inner)
	}()
	var err error
	select {
	case <-ctx.Done():
	case <-v.database.Exited():
		err = errors.New("the store ended by itself")
	case err = <-ended:
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), endWithin)
	defer cancel()
	err = errors.Join(err, server.Shutdown(late))
	stop()
	<-background
	return err
}

func (v *service) dispatchUntil(ctx context.Context) {
	streaming := make(chan struct{})
	go func() {
		defer close(streaming)
		v.stream.run(ctx)
	}()
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := v.dispatch.Sweep(ctx, v.clock.Now()); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "sweep left something for the next", slog.Any("error", err))
		}
		if err := v.keepDigests(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "digest failed", slog.Any("error", err))
		}
		if err := v.countLoads(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "counting loads failed", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			<-streaming
			return
		case <-tick.C:
		}
	}
}

// keepDigests keeps the digest of every day that has none: the clock here may have jumped over weeks.
func (v *service) keepDigests(ctx context.Context) error {
	for {
		_, kept, err := v.digests.KeepNext(ctx, v.clock.Now())
		if err != nil || !kept {
			return err
		}
	}
}

// countLoads counts the workers' loads when that is due, and tells of what it corrected alone.
func (v *service) countLoads(ctx context.Context) error {
	return v.loads.CountNext(ctx, v.clock.Now(), func(c casework.Counted) {
		if len(c.Corrected) > 0 {
			slog.WarnContext(ctx, "loads were corrected", slog.Any("of", c.Corrected))
		}
	})
}

// workUntil is what the clock does at each due time: everything that is due, until nothing is under way.
func (v *service) workUntil(ctx context.Context, until time.Time) (next time.Time, ok bool, err error) {
	now := v.clock.Now()
	left := v.dispatch.Drain(ctx, now)
	if left != nil {
		slog.WarnContext(ctx, "something is left for the next sweep", slog.Any("error", left))
	}
	for v.stream.busy.Load() > 0 {
		select {
		case <-ctx.Done():
			return time.Time{}, false, ctx.Err()
		case <-time.After(pollEvery):
		}
	}
	next, ok, err = v.store.NextDue(ctx)
	if ok && !next.After(now) && left != nil {
		return time.Time{}, false, left // it would fail again at once
	}
	return next, ok && !next.After(until), err
}

// close ends what start opened, the last first.
func (v *service) close() error {
	var err error
	for i := len(v.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, v.closers[i]())
	}
	v.closers = nil
	return err
}
