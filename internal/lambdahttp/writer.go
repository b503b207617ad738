package lambdahttp

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// writer keeps what a handler writes, as net/http's own would send it. (httptest's recorder would do, but registers
// flags.)
type writer struct {
	header http.Header
	sent   http.Header // as it was at WriteHeader
	status int         // 0: not said yet
	head   bool        // a HEAD request: the body is not sent
	body   bytes.Buffer
}

func (w *writer) Header() http.Header { return w.header }

// WriteHeader takes the first final status; what comes later changes nothing.
func (w *writer) WriteHeader(status int) {
	if informational := status >= 100 && status < 200; informational || w.status != 0 {
		return
	}
	w.status, w.sent = status, w.header.Clone()
}

// Write implements io.Writer.
func (w *writer) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.status == http.StatusNoContent || w.status == http.StatusNotModified {
		return 0, http.ErrBodyNotAllowed
	}
	if w.body.Len() == 0 && len(b) > 0 && w.sent.Get("Content-Type") == "" && w.sent.Get("Content-Encoding") == "" {
		w.sent.Set("Content-Type", http.DetectContentType(b))
	}
	if w.head {
		return len(b), nil
	}
	return w.body.Write(b)
}

// response is what API Gateway gets. A body that JSON cannot hold as it is, such as an image or gzip, goes as base64.
func (w *writer) response() events.APIGatewayProxyResponse {
	w.WriteHeader(http.StatusOK) // unless something was said
	r := events.APIGatewayProxyResponse{StatusCode: w.status, MultiValueHeaders: w.sent, Body: w.body.String()}
	if !utf8.Valid(w.body.Bytes()) {
		r.Body, r.IsBase64Encoded = base64.StdEncoding.EncodeToString(w.body.Bytes()), true
	}
	return r
}
