// Package lambdahttp lets an http.Handler answer API Gateway: a REST API's proxy event becomes a request, and what the
// handler writes becomes the response. Headers, cookies and query parameters may repeat, a path keeps its %2F, bodies
// may be binary.
//
// The API must treat every media type as binary (binaryMediaTypes "*/*"): only then does it unpack a response that is
// base64, such as a page in gzip.
package lambdahttp

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// Answer is what the Lambda runtime calls for each event.
type Answer func(ctx context.Context, e events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error)

// Handler answers events with h. A panic is a 500 and one log line, and the process lives on; an event that is no
// request is a 400. Its error is always nil: API Gateway would make an error a 502 without the security headers.
func Handler(h http.Handler, log *slog.Logger) Answer {
	return func(ctx context.Context, e events.APIGatewayProxyRequest) (response events.APIGatewayProxyResponse, _ error) {
		defer func() {
			if v := recover(); v != nil {
				logPanic(ctx, log, v)
				response = bare(http.StatusInternalServerError)
			}
		}()
		r, err := request(ctx, e)
		if err != nil {
			log.WarnContext(ctx, "event is no request", slog.Any("error", err))
			return bare(http.StatusBadRequest), nil
		}
		w := &writer{header: http.Header{}, head: r.Method == http.MethodHead}
		h.ServeHTTP(w, r)
		return w.response(), nil
	}
}

// logPanic logs the type and the place of a panic: its value may hold an answer. http.ErrAbortHandler was logged where it was
// raised.
func logPanic(ctx context.Context, log *slog.Logger, v any) {
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		return
	}
	log.ErrorContext(ctx, "handler panicked", slog.String("panic", fmt.Sprintf("%T", v)), slog.String("stack", string(debug.Stack())))
}

// bare is a response without a handler.
func bare(status int) events.APIGatewayProxyResponse {
	return events.APIGatewayProxyResponse{
		StatusCode: status,
		MultiValueHeaders: map[string][]string{
			"Cache-Control": {"no-store"}, "Content-Type": {"text/plain; charset=utf-8"}, "X-Content-Type-Options": {"nosniff"},
		},
		Body: http.StatusText(status) + "\n",
	}
}

// The ways in which an event is no request. None repeats what the visitor sent.
var (
	errMethod = errors.New("method is none")
	errPath   = errors.New("path does not begin with a slash")
	errBody   = errors.New("body is not base64")
)

// request makes the request that API Gateway got. Its path comes percent-encoded, its query decoded.
func request(ctx context.Context, e events.APIGatewayProxyRequest) (*http.Request, error) {
	switch {
	case e.HTTPMethod == "": // which net/http would take for a GET
		return nil, errMethod
	case !strings.HasPrefix(e.Path, "/"):
		return nil, errPath
	}
	body := e.Body
	if e.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(e.Body)
		if err != nil {
			return nil, errBody
		}
		body = string(decoded)
	}
	r, err := http.NewRequestWithContext(ctx, e.HTTPMethod, "/", strings.NewReader(body))
	if err != nil {
		return nil, errMethod
	}
	r.URL = &url.URL{Path: e.Path, RawQuery: url.Values(e.MultiValueQueryStringParameters).Encode()}
	if path, err := url.PathUnescape(e.Path); err == nil { // otherwise it is taken as it stands
		r.URL.Path, r.URL.RawPath = path, e.Path
	}
	for name, values := range e.MultiValueHeaders {
		for _, v := range values {
			r.Header.Add(name, v)
		}
	}
	r.Host = r.Header.Get("Host")
	r.Header.Del("Host")
	r.RequestURI = r.URL.RequestURI()
	r.RemoteAddr = net.JoinHostPort(e.RequestContext.Identity.SourceIP, "0")
	return r, nil
}
