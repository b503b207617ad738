package dynoxidetest

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// Fault is what happens to one call to the store.
type Fault int

// The faults.
const (
	None       Fault = iota
	DropBefore       // the store never sees the call
	DropAfter        // the store does its work, the answer is lost
)

// Faults is a transport that plays faults on store calls.
type Faults struct {
	// Next is asked for the fault of each call; operation is for example "TransactWriteItems". It may be called from
	// several goroutines, one at a time.
	Next func(operation string) Fault

	next http.RoundTripper
	mu   sync.Mutex
}

// With returns the configuration with its calls going through f; the SDK tries again at once, not after a second.
func (f *Faults) With(c aws.Config) aws.Config {
	f.next = http.DefaultTransport
	c.HTTPClient = &http.Client{Transport: f}
	c.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
	}
	return c
}

var errDropped = errors.New("connection dropped by the test")

// RoundTrip plays the call's fault.
func (f *Faults) RoundTrip(r *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	f.mu.Lock()
	fault := f.Next(operation)
	f.mu.Unlock()
	if fault == DropBefore {
		return nil, errDropped
	}
	response, err := f.next.RoundTrip(r)
	if fault == DropAfter && err == nil {
		return nil, errors.Join(errDropped, response.Body.Close())
	}
	return response, err
}
