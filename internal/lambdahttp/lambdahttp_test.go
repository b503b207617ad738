package lambdahttp

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"voordeur/internal/lambdahttp/lambdahttptest"
)

var update = flag.Bool("update", false, "rewrite the golden files") //nolint:gochecknoglobals // a flag of the test binary

const eventFiles = "../../schemas/events"

func readEvent(t testing.TB, name string) events.APIGatewayProxyRequest {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(eventFiles, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var e events.APIGatewayProxyRequest
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// describe writes down everything that a handler can see of a request.
func describe(r *http.Request) (string, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\nhost %s\nfrom %s\npath %q\nescaped %q\nlength %d\n", r.Method, r.RequestURI, r.Host, r.RemoteAddr, r.URL.Path, r.URL.EscapedPath(), r.ContentLength)
	query := r.URL.Query()
	for _, name := range sortedKeys(query) {
		fmt.Fprintf(&b, "query %s = %q\n", name, query[name])
	}
	for _, name := range sortedKeys(r.Header) {
		fmt.Fprintf(&b, "header %s = %q\n", name, r.Header[name])
	}
	for _, c := range r.Cookies() {
		fmt.Fprintf(&b, "cookie %s = %q\n", c.Name, c.Value)
	}
	fmt.Fprintf(&b, "body %q\n", body)
	return b.String(), nil
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func TestAnEventIsTheRequestThatTheGatewayGot(t *testing.T) {
	for _, name := range []string{"rest-get", "rest-start", "rest-form", "rest-text", "rest-head"} {
		t.Run(name, func(t *testing.T) {
			r, err := request(t.Context(), readEvent(t, name))
			if err != nil {
				t.Fatal(err)
			}
			got, err := describe(r)
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name+".request.txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("request differs (-want +got):\n%s", diff)
			}
		})
	}
}

// quiet is a log that nobody reads.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func answer(t *testing.T, h http.HandlerFunc, e events.APIGatewayProxyRequest) events.APIGatewayProxyResponse {
	t.Helper()
	response, err := Handler(h, quiet())(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestWhatAHandlerWritesIsWhatTheGatewaySends(t *testing.T) {
	picture := "\x89PNG\r\n\x1a\n\x00\xff"
	var packed bytes.Buffer
	zw := gzip.NewWriter(&packed)
	if _, err := io.WriteString(zw, "<p>hallo"); err != nil || zw.Close() != nil {
		t.Fatal("gzip")
	}
	tests := map[string]struct {
		handler http.HandlerFunc
		method  string // "" for GET
		want    events.APIGatewayProxyResponse
	}{
		"a page": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				w.WriteHeader(http.StatusUnprocessableEntity)
				fmt.Fprint(w, "<p>Zoë & ", "co")
			},
			want: events.APIGatewayProxyResponse{
				StatusCode: 422, MultiValueHeaders: map[string][]string{"Content-Type": {"text/html; charset=utf-8"}}, Body: "<p>Zoë & co",
			},
		},
		"two cookies": {
			handler: func(w http.ResponseWriter, r *http.Request) {
				http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
				http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
				w.WriteHeader(http.StatusSeeOther)
			},
			want: events.APIGatewayProxyResponse{StatusCode: 303, MultiValueHeaders: map[string][]string{"Set-Cookie": {"a=1", "b=2"}}},
		},
		"nothing at all": {
			handler: func(http.ResponseWriter, *http.Request) {},
			want:    events.APIGatewayProxyResponse{StatusCode: 200, MultiValueHeaders: map[string][]string{}},
		},
		"a picture": {
			handler: func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, picture) },
			want: events.APIGatewayProxyResponse{
				StatusCode: 200, MultiValueHeaders: map[string][]string{"Content-Type": {"image/png"}},
				Body: base64.StdEncoding.EncodeToString([]byte(picture)), IsBase64Encoded: true,
			},
		},
		"a page in gzip": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				if _, err := w.Write(packed.Bytes()); err != nil {
					panic(err)
				}
			},
			want: events.APIGatewayProxyResponse{
				StatusCode: 200, MultiValueHeaders: map[string][]string{"Content-Encoding": {"gzip"}},
				Body: base64.StdEncoding.EncodeToString(packed.Bytes()), IsBase64Encoded: true,
			},
		},
		"the head of a page": {
			method:  http.MethodHead,
			handler: func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") },
			want: events.APIGatewayProxyResponse{
				StatusCode: 200, MultiValueHeaders: map[string][]string{"Content-Type": {"text/html; charset=utf-8"}},
			},
		},
		"not changed since": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("ETag", `"1"`)
				w.WriteHeader(http.StatusNotModified)
				fmt.Fprint(w, "a body that must not be")
			},
			want: events.APIGatewayProxyResponse{StatusCode: 304, MultiValueHeaders: map[string][]string{"Etag": {`"1"`}}},
		},
		"no content": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusNoContent)
				fmt.Fprint(w, "a body that must not be")
			},
			want: events.APIGatewayProxyResponse{StatusCode: 204, MultiValueHeaders: map[string][]string{}},
		},
		"early hints, then two statuses and a late header": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusEarlyHints)
				w.WriteHeader(http.StatusAccepted)
				w.WriteHeader(http.StatusTeapot)
				w.Header().Set("X-Late", "1")
			},
			want: events.APIGatewayProxyResponse{StatusCode: 202, MultiValueHeaders: map[string][]string{}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := readEvent(t, "rest-start")
			if tt.method != "" {
				e.HTTPMethod = tt.method
			}
			if diff := cmp.Diff(tt.want, answer(t, tt.handler, e)); diff != "" {
				t.Errorf("response differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestABodyOf64KiBArrivesWhole(t *testing.T) { // threat:T12
	want := strings.Repeat("\x00kan\xc3\xaf", 64<<10/6) + "half" // 64 KiB
	for name, encoded := range map[string]bool{"as base64": true, "as text": false} {
		t.Run(name, func(t *testing.T) {
			e := readEvent(t, "rest-form")
			e.Body, e.IsBase64Encoded = want, encoded
			if encoded {
				e.Body = base64.StdEncoding.EncodeToString([]byte(want))
			}
			var got []byte
			response := answer(t, func(w http.ResponseWriter, r *http.Request) {
				got, _ = io.ReadAll(r.Body)
				_, _ = w.Write(got)
			}, e)
			if len(got) != 64<<10 || string(got) != want {
				t.Errorf("the handler got %d bytes, want %d", len(got), len(want))
			}
			if back, err := lambdahttptest.Body(response); err != nil || string(back) != want {
				t.Errorf("%d bytes came back, want %d; %v", len(back), len(want), err)
			}
		})
	}
}

func TestAnEventThatIsNoRequestIsRefused(t *testing.T) {
	tests := map[string]func(e *events.APIGatewayProxyRequest){
		"no method":                 func(e *events.APIGatewayProxyRequest) { e.HTTPMethod = "" },
		"a method with a space":     func(e *events.APIGatewayProxyRequest) { e.HTTPMethod = "GET IT" },
		"no path":                   func(e *events.APIGatewayProxyRequest) { e.Path = "" },
		"a path without slash":      func(e *events.APIGatewayProxyRequest) { e.Path = "vraag/51" },
		"a body that is not base64": func(e *events.APIGatewayProxyRequest) { e.Body = "call_name=kanarie" },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			e := readEvent(t, "rest-form")
			spoil(&e)
			var log bytes.Buffer
			h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the handler was asked") })
			response, err := Handler(h, slog.New(slog.NewTextHandler(&log, nil)))(t.Context(), e)
			if err != nil || response.StatusCode != http.StatusBadRequest {
				t.Errorf("got %d, %v", response.StatusCode, err)
			}
			if strings.Contains(log.String(), "kanarie") || strings.Count(log.String(), "\n") != 1 {
				t.Errorf("log is %q", log.String())
			}
		})
	}
}

func TestAPanicIsA500AndOneLogLine(t *testing.T) { // threat:T17
	tests := map[string]struct {
		value any
		lines int
	}{
		"with a text that nobody may read":                      {"kanarie", 1},
		"with an error":                                         {fmt.Errorf("kanarie"), 1},
		"an answer broken off, which was logged where it broke": {http.ErrAbortHandler, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Answer", "kanarie")
				fmt.Fprint(w, "kanarie, half")
				panic(tt.value)
			})
			response, err := Handler(h, slog.New(slog.NewTextHandler(&log, nil)))(t.Context(), readEvent(t, "rest-start"))
			if err != nil || response.StatusCode != http.StatusInternalServerError {
				t.Errorf("got %d, %v", response.StatusCode, err)
			}
			if got := strings.Count(log.String(), "\n"); got != tt.lines {
				t.Errorf("%d log lines, want %d: %s", got, tt.lines, log.String())
			}
			if said := fmt.Sprint(response) + log.String(); strings.Contains(said, "kanarie") {
				t.Errorf("the answer is in %s", said)
			}
		})
	}
}

func TestTheHandlersContextIsThatOfTheInvocation(t *testing.T) {
	ctx, cancel := context.WithCancel(lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "request-1"}))
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if lc, ok := lambdacontext.FromContext(r.Context()); !ok || lc.AwsRequestID != "request-1" {
			t.Errorf("request id is %v", lc)
		}
		cancel()
		if r.Context().Err() == nil {
			t.Error("the handler does not hear that the time is up")
		}
	})
	if _, err := Handler(h, quiet())(ctx, readEvent(t, "rest-start")); err != nil {
		t.Fatal(err)
	}
}
