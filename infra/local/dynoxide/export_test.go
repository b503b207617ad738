package dynoxide

import (
	"context"
	"time"
)

// PID returns the process id of the server.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// LetGo frees the file as far as this process holds it, as its death would.
func (s *Server) LetGo() error { return s.unlock() }

// StartOnPorts starts a store in memory on the first of the ports that is free, then on any free one.
func StartOnPorts(ctx context.Context, binary string, ports ...int) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if binary == "" {
		found, err := Find()
		if err != nil {
			return nil, err
		}
		binary = found
	}
	s, err := startOnPort(ctx, Options{Binary: binary}, nil, func(ctx context.Context) (int, error) {
		if len(ports) == 0 {
			return freePort(ctx)
		}
		port := ports[0]
		ports = ports[1:]
		return port, nil
	})
	if err == nil {
		s.unlock = (*lock)(nil).release
	}
	return s, err
}
