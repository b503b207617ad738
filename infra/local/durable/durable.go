// Package durable writes the small files of the local stand-ins so that a kill at any moment leaves the old file or
// the new one, never half of one.
package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// WriteFile writes a file that only its owner reads. When it returns without an error, the content survives a crash.
func WriteFile(path string, content []byte) error {
	if err := replace(path, content); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func replace(path string, content []byte) error {
	dir := filepath.Dir(path)
	file, err := os.CreateTemp(dir, ".new-*") // made with mode 0600
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return syncFolder(dir)
}

// syncFolder makes the new name survive too.
func syncFolder(dir string) error {
	folder, err := os.Open(dir) //nolint:gosec // the operator's own data folder
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
