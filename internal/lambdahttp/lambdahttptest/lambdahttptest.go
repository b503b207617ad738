// Package lambdahttptest plays API Gateway in tests and benchmarks: it makes the event of a request, and reads the
// response.
package lambdahttptest

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
)

// Event is what API Gateway sends for a request: path percent-encoded, query decoded, headers with every value, body as
// base64, as in an API that treats every media type as binary.
func Event(r *http.Request) (events.APIGatewayProxyRequest, error) {
	e := events.APIGatewayProxyRequest{
		Resource:                        "/{proxy+}",
		Path:                            r.URL.EscapedPath(),
		HTTPMethod:                      r.Method,
		Headers:                         map[string]string{},
		MultiValueHeaders:               map[string][]string{},
		QueryStringParameters:           map[string]string{},
		MultiValueQueryStringParameters: r.URL.Query(),
	}
	maps.Copy(e.MultiValueHeaders, r.Header)
	if r.Host != "" {
		e.MultiValueHeaders["Host"] = []string{r.Host}
	}
	for name, values := range e.MultiValueHeaders {
		e.Headers[name] = values[len(values)-1]
	}
	for name, values := range e.MultiValueQueryStringParameters {
		e.QueryStringParameters[name] = values[len(values)-1]
	}
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		e.RequestContext.Identity.SourceIP = host
	}
	if r.Body == nil {
		return e, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return e, fmt.Errorf("read body: %w", err)
	}
	e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	return e, nil
}

// Body is what API Gateway passes on of a response.
func Body(r events.APIGatewayProxyResponse) ([]byte, error) {
	if !r.IsBase64Encoded {
		return []byte(r.Body), nil
	}
	body, err := base64.StdEncoding.DecodeString(r.Body)
	if err != nil {
		return nil, fmt.Errorf("decode body: %w", err)
	}
	return body, nil
}

// Page is what a browser shows of a response: its body, unpacked when it is in gzip.
func Page(r events.APIGatewayProxyResponse) (string, error) {
	body, err := Body(r)
	if err != nil {
		return "", err
	}
	if http.Header(r.MultiValueHeaders).Get("Content-Encoding") != "gzip" {
		return string(body), nil
	}
	zr, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("unpack body: %w", err)
	}
	page, err := io.ReadAll(zr)
	if err != nil {
		return "", fmt.Errorf("unpack body: %w", err)
	}
	return string(page), nil
}
