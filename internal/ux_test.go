package internal_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// requirements is how many numbered requirements there are for pages and mails.
const requirements = 26

// A test says which requirement it shows as //ux:4. A requirement that no test shows is a wish. Calendar files, a part of
// 16 and 25, come with the mails that carry them.
func TestEveryRequirementHasATest(t *testing.T) {
	shown := shownRequirements(t)
	for n := 1; n <= requirements; n++ {
		if len(shown[n]) == 0 {
			t.Errorf("no test carries //ux:%d", n)
		}
	}
	for n, files := range shown {
		if n < 1 || n > requirements {
			t.Errorf("%s: there is no requirement %d", files[0], n)
		}
	}
}

// shownRequirements returns by requirement the test files that carry its number.
func shownRequirements(t *testing.T) map[int][]string {
	t.Helper()
	number := regexp.MustCompile(`//ux:(\d+)`)
	shown := map[int][]string{}
	for _, folder := range []string{"../internal", "../infra", "../functions", "../schemas"} {
		if err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") || path == filepath.Join("..", "internal", "ux_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range number.FindAllSubmatch(source, -1) {
				n, err := strconv.Atoi(string(m[1]))
				if err != nil {
					return err
				}
				shown[n] = append(shown[n], path)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	return shown
}
