package dynoxide

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// idleConnections is how many connections to the store stay open. The SDK keeps 10 per host; with more callers at
// once the rest are closed after each call, and tens of thousands of sockets wait in TIME_WAIT.
const idleConnections = 256

// Config returns the SDK configuration for a local stand-in at the endpoint, for every client: credentials that sign
// but mean nothing, nothing read from the environment or from files. The SDK's own retries stay on (three tries; a
// refused connection counts), because the same code meets them on AWS.
func Config(endpoint string) aws.Config {
	return aws.Config{
		Region:       "eu-central-1",
		BaseEndpoint: aws.String(endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
		HTTPClient: awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
			t.MaxIdleConns, t.MaxIdleConnsPerHost = idleConnections, idleConnections
		}),
	}
}
