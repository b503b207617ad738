package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"voordeur/infra/stack/template"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
)

// What is not measured here and stands in the bills all the same.
const (
	memoryMB      = 512  // of each function, as the stack gives it
	wholeCoreMB   = 1769 // the memory at which Lambda gives a function one core; with less it gets as much less
	coldStarts    = 2    // front door and desk: dispatch is kept warm by its own sweep
	coldStart     = 200 * time.Millisecond
	keyRequests   = 4    // a cold desk decrypts a pair of each purpose
	tableKeyEvery = 5    // minutes that DynamoDB keeps the tables' key
	bytesOfCall   = 1200 // what Lambda and the function log of one call
	bytesOfPage   = 400  // a line of the access log
	minutesMonth  = 43_800
	hoursMonth    = minutesMonth / 60
	smokeTests    = minutesMonth / 15
	storedGB      = 1 // the idle month's: some 100,000 cases
	fewStored     = 10
	manyStored    = 1_000
	reportsOfRun  = 1_000
)

// costs is what reports and an idle month cost by the price list, and that a case takes the same units however many are
// stored. The time of the handlers is measured here, on a whole core, the store's answers included; a function of 512 MB
// has less than a third of a core, so it counts as if all of it were computing.
func costs(ctx context.Context) (_ figures, err error) {
	prices, err := readPrices()
	if err != nil {
		return nil, err
	}
	calls := &tally{next: http.DefaultTransport}
	t, err := openTown(ctx, func(c *aws.Config) {
		calls.plain = store(c.Copy())
		c.HTTPClient = &http.Client{Transport: calls}
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	desk, err := t.openOffice(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, desk.closer()) }()
	way := way{town: t, calls: calls, desk: desk}
	first, _, err := way.report(ctx, form.Full, filledIn(1)) // reads the keys, which stay in memory
	if err != nil {
		return nil, err
	}
	grown, err := way.grow(ctx, first)
	if err != nil {
		return nil, err
	}
	_, full, err := way.report(ctx, form.Full, filledIn(2))
	if err != nil {
		return nil, err
	}
	_, short, err := way.report(ctx, form.CallMe, filledIn(3))
	if err != nil {
		return nil, err
	}
	month, err := way.idle(ctx, short)
	if err != nil {
		return nil, err
	}
	all, err := prices.perReports(full, short)
	if err != nil {
		return nil, err
	}
	idle, err := prices.perMonth(month)
	if err != nil {
		return nil, err
	}
	return append(append(all, idle...), grown...), nil
}

// perReports is what 1,000 reports cost. Decision 0033 says why not 0.20 $.
func (l priceList) perReports(full, short bill) (figures, error) {
	all, err := l.figures("1,000 reports", "1,000 reports up to acceptance, by the list of "+l.NotedOn, full.times(reportsOfRun))
	if err != nil {
		return nil, err
	}
	usd, err := l.usd(short.times(reportsOfRun))
	if err != nil {
		return nil, err
	}
	all[0].most = mostReportsUSD
	return append(all, figure{"1,000 reports up to acceptance, each by \"Bel mij\"", usd, "$", mostShortUSD}), nil
}

// perMonth is what a month without reports costs.
func (l priceList) perMonth(month bill) (figures, error) {
	paid := l.free(month)
	all, err := l.figures("an idle month", "an idle month, in an account of its own", paid)
	if err != nil {
		return nil, err
	}
	whole, err := l.usd(month)
	if err != nil {
		return nil, err
	}
	rotated, err := l.usd(paid.and(bill{"keys": rotationsPaid * paid["keys"]}))
	if err != nil {
		return nil, err
	}
	return append(all,
		figure{"an idle month, in euros", all[0].value / l.USDPerEUR, "€", mostIdleEUR},
		figure{"an idle month, in euros, from the third year on", rotated / l.USDPerEUR, "€", 0},
		figure{"an idle month, where nothing is free", whole, "$", 0}), nil
}

const (
	// mostReportsUSD and mostShortUSD are the bounds on 1,000 reports, by the whole form and by "Bel mij".
	mostReportsUSD = 0.75
	mostShortUSD   = 0.43
	// mostIdleEUR is the bound on an idle month, web ACL included.
	mostIdleEUR = 15
	// rotationsPaid: a key costs its price again after its first and after its second yearly rotation.
	rotationsPaid = 2
)

// way is what walks reports from the first page to their acceptance and counts.
type way struct {
	*town
	calls *tally
	desk  office
}

// report walks one report and returns what it takes.
func (w way) report(ctx context.Context, path form.Path, fields url.Values) (casework.Reference, bill, error) {
	pages, err := frontdoor(w.Municipality, w.Drafts, w.Arrivals, w.Intake)
	if err != nil {
		return "", nil, err
	}
	var front, dispatch, desk stopwatch
	r := &resident{base: "https://hulp.waterstad.example", server: front.on(inProcess{pages})}
	w.calls.restart()
	if _, err := r.fillIn(ctx, path, fields); err != nil {
		return "", nil, fmt.Errorf("fill in: %w", err)
	}
	receipt, err := r.answer(ctx, checkPath, nil)
	if err != nil {
		return "", nil, err
	}
	if _, _, _, err := r.do(ctx, http.MethodGet, receipt, nil); err != nil {
		return "", nil, err
	}
	secret, err := r.secret()
	if err != nil {
		return "", nil, err
	}
	ref := secret.Reference(0)
	if err := dispatch.during(func() error { return w.Work.Take(ctx, monday(), ref) }); err != nil {
		return "", nil, err
	}
	spent := w.calls.restart()
	told, mails, err := w.tell(ctx, ref, &dispatch)
	if err != nil {
		return "", nil, err
	}
	w.calls.restart()
	c, err := w.Store.Case(ctx, ref)
	if err != nil {
		return "", nil, err
	}
	w.calls.restart()
	if err := w.desk.accept(ctx, c, &desk); err != nil {
		return "", nil, err
	}
	spent = spent.and(told).and(w.calls.restart())
	pagesSent := front.requests + desk.requests
	invocations := pagesSent + 1 + 2*mails // the report; each mail, and what SES tells of it
	return ref, billOf(spent, invocations, front.took+dispatch.took+desk.took+coldStarts*coldStart).and(bill{
		"requests": float64(pagesSent), "web_acl_requests": float64(pagesSent), "mails": float64(mails),
		"key_requests": keyRequests, "log_gb": float64(pagesSent*bytesOfPage) / 1e9,
	}), nil
}

// tell delivers a case's mails and takes what SES tells of them.
func (w way) tell(ctx context.Context, ref casework.Reference, dispatch *stopwatch) (spent counts, mails int, err error) {
	var c cost
	if err := dispatch.during(func() error { return w.deliver(ctx, w.calls, ref, &c) }); err != nil {
		return counts{}, 0, err
	}
	d, err := w.Store.Dossier(ctx, ref)
	if err != nil {
		return counts{}, 0, err
	}
	w.calls.restart()
	for _, m := range d.Messages {
		err := dispatch.during(func() error {
			_, _, err := w.Store.Feedback(ctx, ref, func(id string) bool { return id == m.ID }, casework.Delivered, monday())
			return err
		})
		if err != nil {
			return counts{}, 0, err
		}
	}
	return c.lead.and(c.others).and(w.calls.restart()), c.mails, nil
}

// billOf is what a function's work takes: calls to the store, invocations, and time on a whole core.
func billOf(spent counts, invocations int, took time.Duration) bill {
	billed := took.Seconds() * wholeCoreMB / memoryMB
	return bill{
		"store_writes": spent.table + spent.index, "store_reads": spent.read, "invocations": float64(invocations),
		"gb_seconds": billed * memoryMB / 1024, "log_gb": float64(invocations*bytesOfCall) / 1e9,
	}
}

// idle is a month in which nobody reports anything: the minute's sweep, which counts what is late, the loads every hour
// from all the cases that are stored here, the smoke test every quarter of an hour, as if it were a report like any other,
// and what the stack has standing there.
func (w way) idle(ctx context.Context, smokeTest bill) (bill, error) {
	hourly, err := w.countLoads(ctx)
	if err != nil {
		return nil, err
	}
	var dispatch stopwatch
	sweep := dynamo.Dispatch{Store: w.Store, Take: w.Work.Take, Overdue: w.Work.Overdue, Undelivered: w.Work.Undelivered}.Sweep
	w.calls.restart()
	for _, part := range []func() error{
		func() error { return sweep(ctx, monday()) },
		func() error {
			_, err := w.Store.Late(ctx, monday())
			return err
		},
		func() error { // whom the rules point at
			_, err := w.Store.People(ctx)
			return err
		},
		func() error { // finds that they are counted
			return casework.Loads{Store: w.Store}.CountNext(ctx, monday(), func(casework.Counted) {})
		},
	} {
		if err := dispatch.during(part); err != nil {
			return nil, err
		}
	}
	spent := w.calls.restart()
	stage, err := template.Read(templates, townID)
	if err != nil {
		return nil, err
	}
	return billOf(spent, 1, dispatch.took).times(minutesMonth).and(hourly.times(hoursMonth)).and(smokeTest.times(smokeTests)).and(standingIn(stage)).and(bill{
		"stored_gb": storedGB, "recovery_gb": storedGB, "backup_gb": storedGB, "key_requests": minutesMonth / tableKeyEvery,
	}), nil
}

// countLoads is what one whole count of the loads takes.
func (w way) countLoads(ctx context.Context) (bill, error) {
	var dispatch stopwatch
	w.calls.restart()
	for through := false; !through; {
		err := dispatch.during(func() error {
			return casework.Loads{Store: w.Store}.CountNext(ctx, monday(), func(casework.Counted) { through = true })
		})
		if err != nil {
			return nil, err
		}
	}
	return billOf(w.calls.restart(), 0, dispatch.took), nil
}

// grow measures what a case takes among few stored cases and among many.
func (w way) grow(ctx context.Context, like casework.Reference) (figures, error) {
	var taken []bill
	stored := 0
	for n, size := range []int{fewStored, manyStored} {
		if err := w.fill(ctx, like, size-stored); err != nil {
			return nil, err
		}
		stored = size
		_, b, err := w.report(ctx, form.Full, filledIn(10+n))
		if err != nil {
			return nil, err
		}
		taken = append(taken, b)
	}
	few, many := taken[0], taken[1]
	return figures{
		{"write units of a case, 1,000 stored ÷ 10 stored", many["store_writes"] / few["store_writes"], "×", mostGrown},
		{"read units of a case, 1,000 stored ÷ 10 stored", many["store_reads"] / few["store_reads"], "×", mostGrown},
	}, nil
}

// mostGrown: the units of a case do not depend on how many are stored; they are whole, so nothing is forgiven.
const mostGrown = 1
