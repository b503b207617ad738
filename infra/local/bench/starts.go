package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	startRounds = 31
	startWithin = 30 * time.Second
	allowed     = 1.1 // of what was reached
)

// reached is what each function was measured at in November 2026, ÷ its reference. Its bound is 10 % above.
//
// A lean front door reached 0.8 of the start and 1.05 of the size in a trial. What ours pays for beyond that: validator
// makes its tables as soon as it is loaded (1 ms, 1.1 MB), and the form, which every function takes part in, checks with
// it; html/template calls methods by name, so that the linker keeps every method of the SDK's clients (4.8 MB); and the
// municipality, the form and the style sheets are read before the first request and not in it (1.2 ms).
//
// The desk grew with casework: its acts, their pages and their words. The addresses of a case's pages, two thirds of them
// all, are registered by the first request for one (0.5 ms saved). Dispatch keeps every method of the S3 client beside
// html/template, for one digest a day (5 MB, 0.2 ms). It is worth that: the other way is a signed request of our own, and
// nobody waits for dispatch to start.
func reached() map[string]struct{ start, size float64 } {
	return map[string]struct{ start, size float64 }{
		"api":       {1.29, 1.84},
		"frontdoor": {1.32, 1.83},
		"desk":      {1.31, 2.31},
		"dispatch":  {1.18, 2.88},
	}
}

// starts compares the start of each function, up to its first request for an event, and its size with those of its
// reference; and tells what each library adds to a function that has none.
func starts(ctx context.Context) (_ figures, err error) {
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	functions, err := functionNames()
	if err != nil {
		return nil, err
	}
	var programs []*program
	for _, name := range functions {
		programs = append(programs, &program{name: name, source: "./functions/" + name},
			&program{name: name + "-reference", source: "./infra/local/bench/reference/" + name})
	}
	programs = append(programs, libraries()...)
	if err := build(ctx, dir, programs); err != nil {
		return nil, err
	}
	contestants := make([]contestant, len(programs))
	for i, p := range programs {
		contestants[i] = func() (func() error, error) {
			return func() error { return p.startOnce(ctx) }, nil
		}
	}
	// What is timed is not the call but the start within it: a program is also ended and waited for.
	if _, err := compare(1, startRounds, contestants...); err != nil {
		return nil, err
	}
	var all figures
	for i, name := range functions {
		function, reference := programs[2*i], programs[2*i+1]
		bound, ok := reached()[name]
		if !ok {
			return nil, fmt.Errorf("function %s has no bound", name)
		}
		all = append(all,
			figure{name + ": start ÷ reference", function.over(reference), "×", bound.start * allowed},
			figure{name + ": size ÷ reference", float64(function.size) / float64(reference.size), "×", bound.size * allowed},
			figure{name + ": start", micros(function.started[1:].median()), "µs", 0})
	}
	return append(all, libraryFigures(programs[2*len(functions):])...), nil
}

func functionNames() ([]string, error) {
	mains, err := filepath.Glob("functions/*/main.go")
	if err == nil && len(mains) == 0 {
		err = errors.New("there are no functions here: run it at the top of the repository")
	}
	for i, main := range mains {
		mains[i] = filepath.Base(filepath.Dir(main))
	}
	return mains, err
}

// program is something that starts as a function does.
type program struct {
	name   string
	source string // its package
	main   string // the text of its main.go, for a program that stands in no folder

	binary  string
	size    int64 // bytes
	started timings
}

// over is the median of its start ÷ that of another in the same round: they follow each other, so that whatever else
// the machine does meets both. The first round warms up.
func (p *program) over(reference *program) float64 {
	var ratios []float64
	for round := 1; round < len(p.started); round++ {
		ratios = append(ratios, float64(p.started[round])/float64(reference.started[round]))
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

// build builds all programs as the functions ship, for this machine.
func build(ctx context.Context, dir string, programs []*program) error {
	top, err := os.Getwd()
	if err != nil {
		return err
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for _, p := range programs {
		if p.main == "" {
			continue
		}
		file := filepath.Join(dir, p.name+".go")
		if err := os.WriteFile(file, []byte(p.main), 0o600); err != nil {
			return err
		}
		overlay.Replace[filepath.Join(top, p.source, "main.go")] = file
	}
	data, err := json.Marshal(overlay)
	if err != nil {
		return err
	}
	overlayFile := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlayFile, data, 0o600); err != nil {
		return err
	}
	for _, p := range programs {
		p.binary = filepath.Join(dir, p.name)
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", //nolint:gosec // our own packages
			"-ldflags=-s -w -buildid=", "-overlay", overlayFile, "-o", p.binary, p.source)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", p.source, err, out)
		}
		info, err := os.Stat(p.binary)
		if err != nil {
			return err
		}
		p.size = info.Size()
	}
	return nil
}

// startOnce starts the program, notes how long it takes to ask for its first event, and ends it.
func (p *program) startOnce(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	asked := make(chan time.Time, 1)
	api := &http.Server{ReadHeaderTimeout: startWithin, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/invocation/next") {
			asked <- time.Now()
		}
		<-r.Context().Done()
	})}
	go func() { _ = api.Serve(l) }() // it ends with Close
	defer func() { err = errors.Join(err, api.Close()) }()

	var said strings.Builder
	cmd := exec.CommandContext(ctx, p.binary) //nolint:gosec // built a moment ago
	cmd.Env, cmd.Stdout, cmd.Stderr = functionEnvironment(l.Addr().String()), &said, &said
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan string, 1)
	go func() { ended <- fmt.Sprint(cmd.Wait()) }()
	select {
	case at := <-asked:
		p.started = append(p.started, at.Sub(began))
		err = cmd.Process.Kill()
		<-ended
		return err
	case how := <-ended:
		return fmt.Errorf("%s ended by itself: %s\n%s", p.name, how, said.String())
	}
}

// functionEnvironment is what the stack gives the functions, all together.
func functionEnvironment(runtimeAPI string) []string {
	return []string{
		"AWS_LAMBDA_RUNTIME_API=" + runtimeAPI, "AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=local",
		"AWS_SECRET_ACCESS_KEY=local", "AWS_SESSION_TOKEN=local", "MUNICIPALITY=waterstad", "CASES_TABLE=bench-cases",
		"SHORT_TABLE=bench-short", "KMS_KEY=alias/bench", "PUBLIC_URL=https://hulp.waterstad.example",
		"DESK_URL=https://bureau.waterstad.example", "OIDC_ISSUER=https://aanmelden.waterstad.example",
		"OIDC_CLIENT_ID=bench", "API_CLIENTS=bench", "SES_CONFIGURATION_SET=bench", "DIGEST_BUCKET=bench",
	}
}
