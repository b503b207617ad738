// Package dynoxide starts the local store: Dynoxide, a DynamoDB server on SQLite in one static binary, which npm
// installs. It belongs to the service on this machine and to tests; no function reaches it.
package dynoxide

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	startWithin = 10 * time.Second       // it takes some 5 ms; the rest is for a machine that is very busy
	stopWithin  = 2 * time.Second        // between the request to stop and the kill
	askEvery    = 500 * time.Microsecond // while waiting for its first answer
	portTries   = 20                     // free ports that someone else took first
)

// errPortTaken says that the port was free when it was picked and is not any more.
var errPortTaken = errors.New("the port is taken")

// Options says what to start.
type Options struct {
	Binary string // its path, used without looking at its hash; "" means the one Find finds
	DBPath string // the SQLite file, made when absent; "" keeps everything in memory
	Port   int    // on 127.0.0.1; 0 means a free one
}

// Server is a running Dynoxide. It dies with this process, however this process ends (on Linux; elsewhere a killed
// process leaves it behind, and the lock beside its file then refuses the next start).
type Server struct {
	Endpoint string // "http://127.0.0.1:49152"

	cmd    *exec.Cmd
	output *output
	exited chan struct{} // closed when it has ended
	unlock func() error  // frees the file
}

// Start starts Dynoxide and returns when it answers. The context bounds the start only; Stop ends the server. Nobody
// else can start one on the same file: the lock is held by this process and by Dynoxide itself, so that a Dynoxide
// that outlives its parent for a moment still holds it.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Binary == "" {
		binary, err := Find()
		if err != nil {
			return nil, err
		}
		o.Binary = binary
	}
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()

	held, err := lockDatabase(ctx, o.DBPath)
	if err != nil {
		return nil, err
	}
	s, err := startOnPort(ctx, o, held, freePort)
	if err != nil {
		return nil, errors.Join(err, held.release())
	}
	s.unlock = held.release
	return s, nil
}

// startOnPort starts on the port asked for, or on ports that free gives until one is still free when Dynoxide takes it.
func startOnPort(ctx context.Context, o Options, held *lock, free func(context.Context) (int, error)) (*Server, error) {
	if o.Port != 0 {
		s, err := start(ctx, o, o.Port, held)
		if errors.Is(err, errPortTaken) {
			return nil, fmt.Errorf("start Dynoxide: port %d is already in use", o.Port)
		}
		return s, err
	}
	for range portTries {
		port, err := free(ctx)
		if err != nil {
			return nil, fmt.Errorf("find a free port for Dynoxide: %w", err)
		}
		s, err := start(ctx, o, port, held)
		if errors.Is(err, errPortTaken) {
			continue
		}
		return s, err
	}
	return nil, fmt.Errorf("start Dynoxide: %d free ports in a row were taken by others", portTries)
}

// freePort returns a port that was free a moment ago.
func freePort(ctx context.Context) (int, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// start starts one process and waits for its first answer.
func start(ctx context.Context, o Options, port int, held *lock) (*Server, error) {
	arguments := []string{"--host", "127.0.0.1", "--port", strconv.Itoa(port)}
	if o.DBPath != "" {
		arguments = append(arguments, "--db-path", o.DBPath)
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	s := &Server{
		Endpoint: "http://" + address,
		cmd:      exec.Command(o.Binary, arguments...), //nolint:gosec,noctx // the binary is the operator's choice; Stop ends it, not a context
		output:   &output{want: address, listening: make(chan struct{})},
		exited:   make(chan struct{}),
	}
	s.cmd.Stdout, s.cmd.Stderr = s.output, s.output
	s.cmd.SysProcAttr = processAttributes()
	s.cmd.ExtraFiles = held.files()
	if err := s.launch(); err != nil {
		return nil, fmt.Errorf("start Dynoxide: %w", err)
	}
	if err := s.waitUntilReady(ctx); err != nil {
		return nil, errors.Join(err, s.kill())
	}
	return s, nil
}

// launch starts the process from a thread of its own that lives as long as the process: Linux sends the parent-death
// signal when the *thread* that forked ends, and Go ends idle threads as it likes.
func (s *Server) launch() error {
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(s.exited)
		if err := s.cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		_ = s.cmd.Wait() // how it ended is in its output; that it ended is what matters
	}()
	return <-started
}

// waitUntilReady waits for this process' own announcement before it asks: on a port that was taken meanwhile, somebody
// else's Dynoxide would answer too.
func (s *Server) waitUntilReady(ctx context.Context) error {
	select {
	case <-s.output.listening:
	case <-s.exited:
		return s.endedEarly()
	case <-ctx.Done():
		return fmt.Errorf("start Dynoxide: no sign of life: %w", context.Cause(ctx))
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		if s.answers(ctx, client) {
			return nil
		}
		select {
		case <-time.After(askEvery):
		case <-s.exited:
			return s.endedEarly()
		case <-ctx.Done():
			return fmt.Errorf("start Dynoxide: no answer: %w", context.Cause(ctx))
		}
	}
}

func (s *Server) endedEarly() error {
	said := s.output.String()
	if strings.Contains(said, "already in use") {
		return errPortTaken
	}
	return fmt.Errorf("start Dynoxide: it ended at once and said %q", said)
}

func (s *Server) answers(ctx context.Context, client *http.Client) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Endpoint, http.NoBody)
	if err != nil {
		return false
	}
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// Exited is closed when Dynoxide has ended, asked to or not.
func (s *Server) Exited() <-chan struct{} { return s.exited }

// Stop asks Dynoxide to end, kills it when it does not within two seconds, and frees its file. Once it has ended by
// itself, Stop only frees the file.
func (s *Server) Stop() error {
	select {
	case <-s.exited:
		return s.unlock()
	default:
	}
	if err := signal(s.cmd.Process, syscall.SIGTERM); err != nil {
		return errors.Join(fmt.Errorf("stop Dynoxide: %w", err), s.unlock())
	}
	select {
	case <-s.exited:
		return s.unlock()
	case <-time.After(stopWithin):
		return errors.Join(s.kill(), s.unlock())
	}
}

// kill ends the process at once and waits until it is gone.
func (s *Server) kill() error {
	if err := signal(s.cmd.Process, syscall.SIGKILL); err != nil {
		return fmt.Errorf("kill Dynoxide: %w", err)
	}
	<-s.exited
	return nil
}

// signal reaches the whole process group. That the process is gone already is no error.
func signal(p *os.Process, sig syscall.Signal) error {
	if err := syscall.Kill(-p.Pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

// outputLimit is what is kept of Dynoxide's output, in bytes: its first lines say why it would not start.
const outputLimit = 4 << 10

// output keeps the beginning of what Dynoxide says, and notices the line that says it listens.
type output struct {
	want string // the address in that line

	mu        sync.Mutex
	kept      bytes.Buffer
	listening chan struct{} // closed at that line
	announced bool
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if room := outputLimit - o.kept.Len(); room > 0 {
		o.kept.Write(p[:min(room, len(p))])
	}
	if !o.announced && strings.Contains(o.kept.String(), "listening on http://"+o.want+"\n") {
		o.announced = true
		close(o.listening)
	}
	return len(p), nil
}

// String returns what was kept, without blank ends.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.TrimSpace(o.kept.String())
}
