package web

import "net/http"

// routed serves what the router knows. A request that no page takes is answered by refused, with the router's own
// status and Allow header instead of its plain text.
func routed(mux *http.ServeMux, refused func(w http.ResponseWriter, r *http.Request, status int)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		refusal := statusOnly{header: http.Header{}}
		h.ServeHTTP(&refusal, r)
		if allow := refusal.header.Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
		}
		refused(w, r, refusal.status)
	})
}

// statusOnly is a response of which only the head counts.
type statusOnly struct {
	header http.Header
	status int
}

func (s *statusOnly) Header() http.Header         { return s.header }
func (s *statusOnly) WriteHeader(status int)      { s.status = status }
func (s *statusOnly) Write(b []byte) (int, error) { return len(b), nil }
