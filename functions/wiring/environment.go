// Package wiring is what the functions' mains have in common: how they read their environment, and the public keys
// that are read when the first envelope is sealed. It knows nothing of AWS KMS or SES, so that the front door cannot
// come by them this way.
package wiring

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/internal/dynamo"
	"voordeur/internal/municipality"
	"voordeur/schemas"
)

// Environment reads a function's environment and collects everything that is wrong with it.
type Environment struct {
	get    func(name string) string
	faults []error
}

// NewEnvironment reads variables with get, which is os.Getenv.
func NewEnvironment(get func(name string) string) *Environment { return &Environment{get: get} }

// Err is every fault found so far, or nil.
func (e *Environment) Err() error { return errors.Join(e.faults...) }

// Text returns a variable that must be set.
func (e *Environment) Text(name string) string {
	value := e.get(name)
	if value == "" {
		e.fault("%s is not set", name)
	}
	return value
}

// Base returns a variable that must be the address of a host, "https://hulp.gemeente.example", without a path.
func (e *Environment) Base(name string) string {
	value := e.Text(name)
	if u, err := url.Parse(value); value != "" && (err != nil || u.Scheme != "https" || u.Host == "" || value != "https://"+u.Host) {
		e.fault("%s is not an address like https://hulp.gemeente.example", name)
	}
	return value
}

// Municipality returns the municipality that the variable names; its file comes along in the binary, where only files
// without a fault go. On a fault it is empty, so that reading can go on.
func (e *Environment) Municipality(name string) *municipality.Municipality {
	id := e.Text(name)
	if id == "" {
		return &municipality.Municipality{}
	}
	data, err := schemas.Municipality(id)
	if err != nil {
		e.fault("%s names no municipality that comes along: %q", name, id)
		return &municipality.Municipality{}
	}
	m, err := municipality.Decode(data)
	if err != nil {
		e.fault("%s names a municipality whose file cannot be read: %w", name, err)
		return &municipality.Municipality{}
	}
	return m
}

// AWS is the configuration of every AWS client, from what Lambda puts into the environment for the life of the
// process. The SDK's own package config would look in files and at other sources of credentials as well; a resident
// would wait for that.
func (e *Environment) AWS() aws.Config {
	return aws.Config{
		Region: e.Text("AWS_REGION"),
		Credentials: credentials.NewStaticCredentialsProvider(
			e.Text("AWS_ACCESS_KEY_ID"), e.Text("AWS_SECRET_ACCESS_KEY"), e.get("AWS_SESSION_TOKEN")),
		ConfigSources: []any{endpoints(e.get)},
	}
}

// Resolver asks the machine's DNS, or the server that the variable names, which takes the place of the world's in tests:
// no template sets it.
func (e *Environment) Resolver(name string) *net.Resolver {
	server := e.get(name)
	if server == "" {
		return &net.Resolver{PreferGo: true}
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server)
	}}
}

// Store is a client for the tables.
func Store(config aws.Config, cases, short string) *dynamo.Store {
	return &dynamo.Store{Client: dynamodb.NewFromConfig(config), Cases: cases, Short: short}
}

func (e *Environment) fault(format string, a ...any) {
	e.faults = append(e.faults, fmt.Errorf(format, a...))
}

// endpoints finds the SDK's own variables for the endpoint of a service, AWS_ENDPOINT_URL_DYNAMODB, which only its
// package config would read.
type endpoints func(name string) string

// GetServiceBaseEndpoint is what the SDK's clients ask their configuration sources.
func (get endpoints) GetServiceBaseEndpoint(_ context.Context, service string) (endpoint string, found bool, err error) {
	endpoint = get("AWS_ENDPOINT_URL_" + strings.ToUpper(strings.ReplaceAll(service, " ", "_")))
	return endpoint, endpoint != "", nil
}
