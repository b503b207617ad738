package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
)

// acceptsGzip says whether the visitor's browser unpacks gzip. Browsers do not send weights for it.
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		if strings.TrimSpace(part) == "gzip" {
			return true
		}
	}
	return false
}

// gzipped returns content, compressed as far as it goes.
func gzipped(content []byte) []byte {
	var buf bytes.Buffer
	zw, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant that gzip knows
	}
	// A bytes.Buffer takes everything.
	_, _ = zw.Write(content)
	_ = zw.Close()
	return buf.Bytes()
}

// pageWriter compresses pages. Pages are written in one go, so each Write is a whole gzip member.
type pageWriter struct {
	http.ResponseWriter
	gzip  bool // the browser takes it
	wrote bool // the header is out
}

func (w *pageWriter) WriteHeader(status int) {
	if w.wrote {
		return
	}
	w.wrote = true
	h := w.Header()
	w.gzip = w.gzip && h.Get("Content-Encoding") == "" && strings.HasPrefix(h.Get("Content-Type"), "text/html")
	if w.gzip {
		h.Set("Content-Encoding", "gzip")
		h.Add("Vary", "Accept-Encoding")
		h.Del("Content-Length")
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *pageWriter) Write(b []byte) (int, error) {
	if !w.wrote {
		w.WriteHeader(http.StatusOK)
	}
	if !w.gzip {
		return w.ResponseWriter.Write(b)
	}
	if _, err := w.ResponseWriter.Write(gzipped(b)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Unwrap lets http.ResponseController reach the writer below.
func (w *pageWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
