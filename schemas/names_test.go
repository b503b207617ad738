package schemas_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// M2: code, templates and language files serve every municipality and name none. What stands in for AWS on one machine
// runs an example, and tests use one.
//
// feature:M2
func TestNoMunicipalityIsNamedInCodeOrTexts(t *testing.T) {
	files, err := filepath.Glob("municipalities/*.json")
	if err != nil || len(files) < 2 {
		t.Fatalf("found %d municipalities, error %v", len(files), err)
	}
	var ids []string
	for _, file := range files {
		ids = append(ids, regexp.QuoteMeta(strings.TrimSuffix(filepath.Base(file), ".json")))
	}
	name := regexp.MustCompile(`(?i)` + strings.Join(ids, "|"))
	read := 0
	err = filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if skipped(path) {
				return filepath.SkipDir
			}
			return nil
		}
		if !speaks(path) {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read++
		for number, line := range strings.Split(string(content), "\n") {
			if found := name.FindString(line); found != "" {
				t.Errorf("%s:%d names %s", path, number+1, found)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 100 {
		t.Errorf("read %d files, want all of them", read)
	}
}

// skipped says which folders hold none of our code, or examples on purpose.
func skipped(folder string) bool {
	base := filepath.Base(folder)
	hidden := strings.HasPrefix(base, ".") && folder != ".."
	return hidden || slices.Contains([]string{"node_modules", "testdata", "build", "cdk.out"}, base) || folder == filepath.Join("..", "infra", "local")
}

// speaks says which files are code, templates or texts.
func speaks(path string) bool {
	switch filepath.Ext(path) {
	case ".go":
		return !strings.HasSuffix(path, "_test.go")
	case ".gohtml", ".tmpl", ".html":
		return true
	case ".json":
		folder := filepath.Base(filepath.Dir(path))
		return folder == "texts" || folder == "form"
	}
	return false
}
