package directory_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"voordeur/infra/local/example"
	"voordeur/internal/directory"
)

func waterstad() directory.Feed { return directory.NewFeed("waterstad", example.Organisations()) }

func TestTheFeedHoldsEveryOrganisationAndNobodysOwnData(t *testing.T) { // J6
	feed := waterstad()
	if feed.TotalItems != 8 || feed.Size != 8 || feed.Empty || len(feed.Contents) != 8 {
		t.Fatalf("%d services, %+v", len(feed.Contents), feed)
	}
	for i, o := range example.Organisations() {
		s := feed.Contents[i]
		if s.Name != o.Name || s.Organization.Name != o.Name || s.Description != o.Can || s.Phones[0].Number != o.Phone {
			t.Errorf("%s is shown as %+v", o.ID, s)
		}
	}
	text := encoded(t, feed)
	for _, personal := range []string{"contacts", "email", "@", "contact_id"} {
		if strings.Contains(string(text), personal) {
			t.Errorf("the feed has %q in it", personal)
		}
	}
}

func TestAnEmptyDirectoryIsAnEmptyList(t *testing.T) {
	if got := string(encoded(t, directory.NewFeed("waterstad", nil))); !strings.Contains(got, `"contents":[]`) || !strings.Contains(got, `"empty":true`) {
		t.Errorf("got %s", got)
	}
}

func TestAnIDIsTheSameEachTimeAndOfOneThing(t *testing.T) {
	well := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string]bool{}
	for n, feed := range []directory.Feed{waterstad(), directory.NewFeed("duinrand", example.Organisations()), waterstad()} {
		for _, s := range feed.Contents {
			for _, id := range []string{s.ID, s.Phones[0].ID, s.Organization.ID} {
				if !well.MatchString(id) {
					t.Errorf("%s is no UUID of version 8", id)
				}
				if known := n == 2; seen[id] != known {
					t.Errorf("feed %d: %s was seen before: %t", n, id, seen[id])
				}
				seen[id] = true
			}
		}
	}
}

// The published schemas are not ours to copy: they are read from a folder beside the
// repository.
func TestTheFeedKeepsToHSDS(t *testing.T) { // O5
	folder := "../../../shared/data/hsds-3/schema"
	if _, err := os.Stat(filepath.Join(folder, "service.json")); err != nil {
		t.Log("THE FEED WAS NOT HELD AGAINST HSDS 3: its schemas (service.json and on) are not in " + folder)
		return
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.UseLoader(jsonschema.FileLoader{})
	for _, schema := range []string{"service.json", "compiled-service_list.json"} {
		compiled, err := c.Compile(filepath.Join(folder, schema))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range waterstad().Contents {
			document, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded(t, s)))
			if err != nil {
				t.Fatal(err)
			}
			if err := compiled.Validate(document); err != nil {
				t.Errorf("%s by %s: %v", s.Name, schema, err)
			}
		}
	}
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
