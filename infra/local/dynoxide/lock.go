package dynoxide

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// errLocked says that someone else holds the lock.
var errLocked = errors.New("locked by another process")

const (
	lockWithin = 3 * time.Second // a killed parent's Dynoxide is gone long before
	lockEvery  = 5 * time.Millisecond
)

// Lock locks a data folder for this process, making it when absent, until unlock is called or the process ends. A
// folder that is in use is refused at once, with a line that says so.
func Lock(dir string) (unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	held, err := tryLock(filepath.Join(dir, "lock"))
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("the data folder %s is in use by another start of the service", dir)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	return held.release, nil
}

// lock is a locked file; a nil one locks nothing.
type lock struct{ file *os.File }

// lockDatabase locks the file beside a database for this process and for Dynoxide, waiting for the Dynoxide of a
// parent that was killed just now. A database in memory has no lock.
func lockDatabase(ctx context.Context, database string) (*lock, error) {
	if database == "" {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, lockWithin)
	defer cancel()
	for {
		held, err := tryLock(database + ".lock")
		switch {
		case err == nil:
			return held, nil
		case !errors.Is(err, errLocked):
			return nil, fmt.Errorf("lock the store's file: %w", err)
		}
		select {
		case <-time.After(lockEvery):
		case <-ctx.Done():
			return nil, fmt.Errorf("the store's file %s is in use by another Dynoxide", database)
		}
	}
}

// tryLock locks the file at path, or returns errLocked.
func tryLock(path string) (*lock, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator's own data folder
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case err == nil:
		return &lock{file: file}, nil
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil, errors.Join(errLocked, file.Close())
	default:
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
	}
}

// files is what a child inherits so that it holds the lock too.
func (l *lock) files() []*os.File {
	if l == nil {
		return nil
	}
	return []*os.File{l.file}
}

func (l *lock) release() error {
	if l == nil {
		return nil
	}
	return l.file.Close()
}
