package lambdahttp

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"voordeur/internal/lambdahttp/lambdahttptest"
)

// FuzzEvent: whatever the event, the process lives on and answers something that JSON can hold; and what came through
// as a request comes through again as the same.
func FuzzEvent(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(eventFiles, "*.json"))
	if err != nil || len(files) == 0 {
		f.Fatal("no events", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var e events.APIGatewayProxyRequest
		if json.Unmarshal(data, &e) != nil {
			return
		}
		var seen *http.Request
		echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen = r
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			_, _ = w.Write(body)
			r.Body = io.NopCloser(strings.NewReader(string(body)))
		})
		response, err := Handler(echo, quiet())(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(response); err != nil {
			t.Fatal(err)
		}
		if response.StatusCode == http.StatusBadRequest {
			return
		}
		comesBack(t, seen)
	})
}

// fataler is a *testing.T or a *rapid.T.
type fataler interface {
	Fatal(args ...any)
	Errorf(format string, args ...any)
}

// comesBack turns a request into an event and that into a request, and wants the same.
func comesBack(t fataler, r *http.Request) {
	e, err := lambdahttptest.Event(r)
	if err != nil {
		t.Fatal(err)
	}
	wire, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var arrived events.APIGatewayProxyRequest
	if err := json.Unmarshal(wire, &arrived); err != nil {
		t.Fatal(err)
	}
	got, err := request(r.Context(), arrived)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	want := []any{r.Method, r.URL.Path, r.URL.EscapedPath(), r.URL.Query(), r.Header, r.Host}
	if diff := cmp.Diff(want, []any{got.Method, got.URL.Path, got.URL.EscapedPath(), got.URL.Query(), got.Header, got.Host}); diff != "" {
		t.Errorf("the request differs (-want +got):\n%s", diff)
	}
	if again := wanted(e); string(body) != again {
		t.Errorf("body is %q, want %q", body, again)
	}
}

func wanted(e events.APIGatewayProxyRequest) string {
	body, err := lambdahttptest.Body(events.APIGatewayProxyResponse{Body: e.Body, IsBase64Encoded: e.IsBase64Encoded})
	if err != nil {
		return err.Error()
	}
	return string(body)
}

// Any request: method, path, query, headers and body are what they were.
func TestARequestComesThroughAsItWas(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("a/%?&=+;# ë\x00\"<é漢"))) // whatever is special somewhere
		values := rapid.MapOf(rapid.StringMatching(`[A-Z][a-z]{0,6}`), rapid.SliceOfN(text, 1, 3))
		var path strings.Builder
		for _, segment := range rapid.SliceOf(text).Draw(r, "path") {
			fmt.Fprintf(&path, "/%s", url.PathEscape(segment))
		}
		query := url.Values(values.Draw(r, "query"))
		method := rapid.SampledFrom([]string{http.MethodGet, http.MethodPost, http.MethodHead, http.MethodPut, http.MethodDelete}).Draw(r, "method")
		body := string(rapid.SliceOf(rapid.Byte()).Draw(r, "body"))
		in := httptest.NewRequestWithContext(t.Context(), method, "https://hulp.waterstad.example/"+path.String()+"?"+query.Encode(), strings.NewReader(body))
		for name, v := range values.Draw(r, "headers") {
			in.Header[http.CanonicalHeaderKey(name)] = v
		}
		comesBack(r, in)
	})
}
