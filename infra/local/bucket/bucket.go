// Package bucket stands in for a locked S3 bucket on this machine: put, get and list over S3's own protocol, so that the
// real SDK client works unchanged. What is there is never overwritten. It belongs to the service on this machine and to
// tests.
package bucket

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"voordeur/infra/local/durable"
)

// maxObject is in bytes; a digest of a thousand hashes has some 70 KB.
const maxObject = 16 << 20

// Service answers S3 calls. Its buckets are folders, of any name.
type Service struct {
	folder string
	mu     sync.Mutex
}

// New returns a service whose buckets stand in a folder, which is made when absent.
func New(folder string) (*Service, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("open the buckets: %w", err)
	}
	return &Service{folder: folder}, nil
}

// fault is an error as S3 words it.
type fault struct {
	XMLName xml.Name `xml:"Error"`
	Code    string
	status  int
}

// listing is S3's answer to a question for objects; all of them fit in one.
type listing struct {
	XMLName  xml.Name `xml:"ListBucketResult"`
	Contents []object
}

type object struct{ Key string }

// ServeHTTP answers one call; its path is that of an object, /bucket/folder/name, or of a bucket.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := strings.Trim(r.URL.Path, "/")
	if !filepath.IsLocal(path) {
		answer(w, &fault{Code: "InvalidURI", status: http.StatusBadRequest})
		return
	}
	path = filepath.Join(s.folder, path)
	switch {
	case r.Method == http.MethodPut:
		answer(w, put(r, path))
	case r.Method == http.MethodGet && r.URL.Query().Get("list-type") == "2":
		list(w, path, r.URL.Query().Get("prefix"))
	case r.Method == http.MethodGet:
		get(w, path)
	default:
		answer(w, &fault{Code: "NotImplemented", status: http.StatusNotImplemented})
	}
}

// answer tells a fault, nil for none. A caller that went away needs no answer, here and below.
func answer(w http.ResponseWriter, f *fault) {
	if f == nil {
		return
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(f.status)
	_ = xml.NewEncoder(w).Encode(f)
}

// put keeps an object whose name is free. It wants the two headers that the service must send: a locked bucket needs a
// checksum, and without the condition an object would get a second version.
func put(r *http.Request, path string) *fault {
	if r.Header.Get("If-None-Match") != "*" || r.Header.Get("X-Amz-Checksum-Sha256") == "" {
		return &fault{Code: "InvalidRequest", status: http.StatusBadRequest}
	}
	if _, err := os.Stat(path); err == nil { //nolint:gosec // ServeHTTP holds it within the folder
		return &fault{Code: "PreconditionFailed", status: http.StatusPreconditionFailed}
	}
	content, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxObject))
	if err != nil {
		return &fault{Code: "IncompleteBody", status: http.StatusBadRequest}
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), durable.WriteFile(path, content)); err != nil { //nolint:gosec // as above
		return &fault{Code: "InternalError", status: http.StatusInternalServerError}
	}
	return nil
}

func get(w http.ResponseWriter, path string) {
	content, err := os.ReadFile(path) //nolint:gosec // the operator's own data folder
	switch {
	case errors.Is(err, fs.ErrNotExist):
		answer(w, &fault{Code: "NoSuchKey", status: http.StatusNotFound})
	case err != nil:
		answer(w, &fault{Code: "InternalError", status: http.StatusInternalServerError})
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(content) //nolint:gosec // no browser comes here
	}
}

// list names the objects in a folder of a bucket, "digests/", in the order of their names.
func list(w http.ResponseWriter, bucket, folder string) {
	files, err := os.ReadDir(filepath.Join(bucket, filepath.Clean("/"+folder)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		answer(w, &fault{Code: "InternalError", status: http.StatusInternalServerError})
		return
	}
	var l listing
	for _, file := range files {
		l.Contents = append(l.Contents, object{folder + file.Name()})
	}
	w.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(w).Encode(l)
}
