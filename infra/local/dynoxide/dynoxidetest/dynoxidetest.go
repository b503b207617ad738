// Package dynoxidetest starts the local store for tests: a fresh one in memory per call, gone when the test ends. A
// test without its store fails and says how to install it; it never skips.
package dynoxidetest

import (
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/infra/local/dynoxide"
)

// Start starts an empty store in memory for this test. DYNOXIDE_BIN names another binary than the packaged one.
func Start(tb testing.TB) *dynoxide.Server {
	tb.Helper()
	server, err := dynoxide.Start(tb.Context(), dynoxide.Options{Binary: os.Getenv("DYNOXIDE_BIN")})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := server.Stop(); err != nil {
			tb.Errorf("stop the store: %v", err)
		}
	})
	return server
}

// Endpoint returns the address of the store to test against: that of a fresh one, or what AWS_ENDPOINT_URL_DYNAMODB
// says, so that the same tests run against any other DynamoDB. That one is shared: choose table names of your own.
func Endpoint(tb testing.TB) string {
	tb.Helper()
	if endpoint := os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"); endpoint != "" {
		return endpoint
	}
	return Start(tb).Endpoint
}

// Config returns the SDK configuration for that store, for a DynamoDB client and for a stream client alike.
func Config(tb testing.TB) aws.Config {
	tb.Helper()
	return dynoxide.Config(Endpoint(tb))
}

// Client returns a client for that store.
func Client(tb testing.TB) *dynamodb.Client {
	tb.Helper()
	return dynamodb.NewFromConfig(Config(tb))
}
