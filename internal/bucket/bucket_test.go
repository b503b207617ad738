package bucket_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	localbucket "voordeur/infra/local/bucket"
	"voordeur/infra/local/dynoxide"
	"voordeur/internal/bucket"
	"voordeur/internal/casework"
)

func open(t *testing.T, handler http.Handler) bucket.Bucket {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return bucket.Bucket{Client: s3.NewFromConfig(dynoxide.Config(server.URL)), Name: "waterstad-digests"}
}

func TestADayKeepsItsFirstDigest(t *testing.T) { // threat:T15
	service, err := localbucket.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, service)
	if days, err := b.Days(t.Context()); err != nil || len(days) > 0 {
		t.Fatalf("an empty bucket has %v, %v", days, err)
	}
	for _, put := range []struct {
		day     casework.Day
		content string
	}{{"2026-11-23", "second"}, {"2026-11-22", "first"}, {"2026-11-23", "changed"}} {
		if err := b.Keep(t.Context(), put.day, []byte(put.content)); err != nil {
			t.Fatal(err)
		}
	}
	days, err := b.Days(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[casework.Day]string{}
	for _, day := range days {
		content, err := b.Digest(t.Context(), day)
		if err != nil {
			t.Fatal(err)
		}
		got[day] = string(content)
	}
	if diff := cmp.Diff([]casework.Day{"2026-11-22", "2026-11-23"}, days); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[casework.Day]string{"2026-11-22": "first", "2026-11-23": "second"}, got); diff != "" {
		t.Errorf("digests (-want +got):\n%s", diff)
	}
	if _, err := b.Digest(t.Context(), "2026-11-24"); err == nil {
		t.Error("a day without a digest has one")
	}
}

func TestABucketThatRefusesIsAnError(t *testing.T) {
	for name, status := range map[string]int{
		"no right": http.StatusForbidden, "no bucket": http.StatusNotFound, "another write of the name is under way": http.StatusConflict,
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
			if err := b.Keep(t.Context(), "2026-11-22", []byte("digest")); err == nil {
				t.Error("kept, says the client")
			}
		})
	}
}
