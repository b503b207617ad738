package stack

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"voordeur/internal/municipality"
	"voordeur/schemas/check"
)

// Read reads what the stacks are made from below the repository's root: cdk.json and every municipality's file.
// functions is the folder of the built ones. A broken file refuses them all; the error tells every fault of every file,
// in Dutch.
func Read(root, functions string) (Config, error) {
	c := Config{Functions: functions}
	data, err := os.ReadFile(filepath.Join(root, "cdk.json")) //nolint:gosec // the root is ours
	if err != nil {
		return Config{}, fmt.Errorf("read settings: %w", err)
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return Config{}, fmt.Errorf("read cdk.json: %w", err)
	}
	if c.Municipalities, err = readMunicipalities(filepath.Join(root, "schemas", "municipalities")); err != nil {
		return Config{}, err
	}
	for _, name := range functionNames() {
		if _, err := os.Stat(filepath.Join(c.Functions, name, "bootstrap")); err != nil {
			return Config{}, fmt.Errorf("function %s is not built, run make build: %w", name, err)
		}
	}
	return c, nil
}

func readMunicipalities(folder string) ([]*municipality.Municipality, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		return nil, errors.Join(fmt.Errorf("no municipality stands in %s", folder), err)
	}
	slices.Sort(files)
	var all []*municipality.Municipality
	var wrong []error
	for _, file := range files {
		m, err := readMunicipality(file)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		all = append(all, m)
	}
	return all, errors.Join(append(wrong, taken(all)...)...)
}

// taken tells what one file has of another: a copy in which somebody forgot to change it would bring a municipality's
// residents, or its mails, to another.
func taken(all []*municipality.Municipality) []error {
	var wrong []error
	owners := map[string]string{}
	for _, m := range all {
		for _, own := range []struct{ place, value string }{
			{"deployment.account", m.Deployment.Account},
			{"deployment.hosts.public", m.Deployment.Hosts.Public},
			{"deployment.hosts.desk", m.Deployment.Hosts.Desk},
			{"sender.address", "@" + m.Sender.Domain()},
		} {
			owner, there := owners[own.value]
			if there && owner != m.ID {
				wrong = append(wrong, fmt.Errorf("%s.json: %s: %s staat al in %s.json", m.ID, own.place, own.value, owner))
				continue
			}
			owners[own.value] = m.ID
		}
	}
	return wrong
}

// readMunicipality tells each fault on a line of its own, with the file's name in front.
func readMunicipality(file string) (*municipality.Municipality, error) {
	data, err := os.ReadFile(file) //nolint:gosec // found by Read
	if err != nil {
		return nil, fmt.Errorf("read municipality: %w", err)
	}
	m, err := check.Municipality(data)
	if faults, ok := errors.AsType[municipality.Faults](err); ok {
		lines := make([]error, len(faults))
		for i, fault := range faults {
			lines[i] = fmt.Errorf("%s: %w", filepath.Base(file), municipality.Faults{fault})
		}
		return nil, errors.Join(lines...)
	}
	if err != nil {
		return nil, err
	}
	if id := strings.TrimSuffix(filepath.Base(file), ".json"); m.ID != id {
		return nil, fmt.Errorf("%s: id: het bestand heet anders dan de gemeente, %s", filepath.Base(file), m.ID)
	}
	return m, nil
}
