package functions_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// patience is how long anything may take, on a machine that is very busy.
const patience = 60 * time.Second

// binaries is where the functions are, built once for all tests as they ship, but for this machine.
//
//nolint:gochecknoglobals // one build for all tests
var binaries = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "functions-")
	if err != nil {
		return "", err
	}
	return dir, build("..", dir)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := binaries(); err == nil {
		if err := os.RemoveAll(dir); err != nil {
			code = 1
		}
	}
	os.Exit(code)
}

// build runs `make build` in a copy of the repository.
func build(repository, to string) error {
	cmd := exec.Command("make", "--no-print-directory", "-C", repository, "build", "ARCH="+runtime.GOARCH, "FUNCTIONS="+to)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("make build: %w\n%s", err, out)
	}
	return nil
}

// process is a function that runs against a stand-in for the Lambda Runtime API.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	out    output
	events chan event
	ready  chan struct{} // closed at the first poll
	ended  chan error
	told   func(event, answer []byte) // hears of each event that was answered; nil for nobody
}

// event is one invocation, and its answer.
type event struct {
	payload []byte
	answer  chan answer
}

type answer struct {
	payload []byte
	err     error // what the function reported instead
}

// output is what a process prints: a file, so that a line is there as soon as it is printed.
type output struct {
	t    *testing.T
	file *os.File
}

func newOutput(t *testing.T) output {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "output"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	return output{t, file}
}

func (o output) String() string {
	text, err := os.ReadFile(o.file.Name())
	if err != nil {
		o.t.Error(err)
	}
	return string(text)
}

// launch starts a function with exactly this environment. It ends with the test.
func launch(t *testing.T, function string, env map[string]string) *process {
	t.Helper()
	dir, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, out: newOutput(t), events: make(chan event), ready: make(chan struct{}), ended: make(chan error, 1)}
	api := httptest.NewServer(p.runtimeAPI())
	p.cmd = exec.CommandContext(t.Context(), filepath.Join(dir, function, "bootstrap"))
	p.cmd.Env = []string{"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(api.URL, "http://")}
	for name, value := range env {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Stdout, p.cmd.Stderr = p.out.file, p.out.file
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		p.ended <- p.cmd.Wait()
		close(done)
	}()
	t.Cleanup(func() {
		if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Error(err)
		}
		<-done
		api.CloseClientConnections()
		api.Close()
	})
	return p
}

// runtimeAPI is the API that a function asks for its next event and gives its answer to.
func (p *process) runtimeAPI() http.Handler {
	var mu sync.Mutex
	var last atomic.Int64
	var polled sync.Once
	waiting := map[string]chan answer{}
	settle := func(r *http.Request, failed bool) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		a := answer{payload: body}
		if failed {
			a = answer{err: errors.New(string(body))}
		}
		mu.Lock()
		defer mu.Unlock()
		waiting[r.PathValue("id")] <- a
		return nil
	}
	const invocation = "/2018-06-01/runtime/invocation/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+invocation+"next", func(w http.ResponseWriter, r *http.Request) {
		polled.Do(func() { close(p.ready) })
		select {
		case e := <-p.events:
			id := strconv.FormatInt(last.Add(1), 10)
			mu.Lock()
			waiting[id] = e.answer
			mu.Unlock()
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "request-"+id)
			w.Header().Set("Lambda-Runtime-Deadline-Ms", "4102444800000") // in the year 2100
			w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:123456789012:function:test")
			_, _ = w.Write(e.payload)
		case <-r.Context().Done():
		}
	})
	for path, failed := range map[string]bool{"response": false, "error": true} {
		mux.HandleFunc("POST "+invocation+"{request}/"+path, func(w http.ResponseWriter, r *http.Request) {
			r.SetPathValue("id", strings.TrimPrefix(r.PathValue("request"), "request-"))
			if err := settle(r, failed); err != nil {
				p.t.Error(err)
			}
			w.WriteHeader(http.StatusAccepted)
		})
	}
	return mux
}

// invoke sends an event and returns the answer, or the error that the function reported.
func (p *process) invoke(payload []byte) ([]byte, error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	e := event{payload: payload, answer: make(chan answer, 1)}
	select {
	case p.events <- e:
	case err := <-p.ended:
		p.t.Fatalf("the function ended: %v\n%s", err, p.out)
	case <-ctx.Done():
		p.t.Fatalf("the function does not ask for an event\n%s", p.out)
	}
	select {
	case a := <-e.answer:
		if p.told != nil && a.err == nil {
			p.told(payload, a.payload)
		}
		return a.payload, a.err
	case err := <-p.ended:
		p.t.Fatalf("the function ended: %v\n%s", err, p.out)
	case <-ctx.Done():
		p.t.Fatalf("the function does not answer\n%s", p.out)
	}
	return nil, nil
}

// must invokes and reads the answer as JSON.
func (p *process) must(payload []byte, into any) {
	p.t.Helper()
	got, err := p.invoke(payload)
	if err != nil {
		p.t.Fatalf("the function reported %v\n%s", err, p.out)
	}
	if err := json.Unmarshal(got, into); err != nil {
		p.t.Fatalf("answer %s: %v", got, err)
	}
}

// readEvent reads a golden event.
func readEvent(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("../schemas/events/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return data
}
