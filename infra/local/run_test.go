package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"voordeur/infra/local/inbox"
)

func TestItSaysOnceWhereToGoAndEveryAddressAnswers(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	answers := map[string]int{}
	for _, path := range []string{"/", "/desk/", inbox.Path, "/_local/"} {
		r, err := http.Get(p.base + path)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Body.Close(); err != nil {
			t.Fatal(err)
		}
		answers[p.base+path] = r.StatusCode
	}
	p.stop()
	block := strings.TrimSpace(p.out.String())
	if lines := strings.Count(block, "\n") + 1; lines > 6 {
		t.Errorf("it says %d lines, want one short block:\n%s", lines, block)
	}
	said := regexp.MustCompile(`http://\S+`).FindAllString(block, -1)
	for _, address := range said {
		if answers[address] != http.StatusOK {
			t.Errorf("%s answers %d, want 200", address, answers[address])
		}
	}
	if len(said) != len(answers) {
		t.Errorf("it names %q, want all of %v", said, answers)
	}
}

func TestItEndsCleanlyWithItsStore(t *testing.T) {
	t.Parallel()
	addr := freeAddress(t)
	p := launch(t, addr, t.TempDir())
	stores := children(t, p.cmd.Process.Pid)
	if len(stores) == 0 {
		t.Fatal("no store runs below the program")
	}
	began := time.Now()
	p.stop()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s to end, want seconds", took)
	}
	for _, pid := range stores {
		if _, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); err == nil {
			t.Errorf("process %d is left behind", pid)
		}
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatalf("the address is still taken: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

// children returns the processes that a process started.
func children(t *testing.T, parent int) []int {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent))
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			continue // a thread that ended
		}
		for field := range strings.FieldsSeq(string(content)) {
			pid, err := strconv.Atoi(field)
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, pid)
		}
	}
	return pids
}

var ownPage = regexp.MustCompile(`/mijn/[\w-]+`)

// A report, its mails, the resident's own page and the clock are there again after a restart.
//
// invariant:I1
func TestASecondStartFindsEverythingAgain(t *testing.T) {
	t.Parallel()
	addr, data := freeAddress(t), t.TempDir()
	p := launch(t, addr, data)
	r := newResident(p.base)
	if err := r.fillIn(t.Context(), callMe()); err != nil {
		t.Fatal(err)
	}
	ref, err := r.send(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, receipt, err := r.do(t.Context(), http.MethodGet, "/ontvangen", nil)
	if err != nil {
		t.Fatal(err)
	}
	p.waitForMails(2)
	p.advance(2 * time.Hour)
	before, mailed := p.now(), len(p.mails())
	p.stop()

	p = launch(t, addr, data)
	if now := p.now(); now.Before(before) || now.Sub(before) > time.Minute {
		t.Errorf("the clock goes on at %s, want soon after %s", now, before)
	}
	p.advance(time.Minute)
	if got := len(p.mails()); got != mailed {
		t.Errorf("%d mails after the restart, want %d", got, mailed)
	}
	b := &visitor{base: p.base, cookies: map[string]string{}}
	if own := b.get(t, ownPage.FindString(receipt)).Text(); !strings.Contains(own, string(ref)) {
		t.Error("the resident's own page is not that of the report")
	}
	p.stop()
}

// now is business time.
func (p *program) now() time.Time {
	p.t.Helper()
	r, err := http.Get(p.base + "/_local/clock")
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	var clock struct{ Now time.Time }
	if err := json.NewDecoder(r.Body).Decode(&clock); err != nil {
		p.t.Fatal(err)
	}
	return clock.Now
}

func TestHealthzAnswersWhenReady(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	r, err := http.Get(p.base + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err := io.ReadAll(r.Body); err != nil || r.StatusCode != http.StatusOK || string(body) != "ok\n" {
		t.Errorf("got %d %q, %v", r.StatusCode, body, err)
	}
}

// What keeps it from starting is said in one line, and it ends with 1.
func TestWhatKeepsItFromStartingIsOneClearLine(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(t *testing.T, cmd *exec.Cmd, data string)
		want   string
	}{
		"a second start on one data folder": {func(t *testing.T, _ *exec.Cmd, data string) {
			launch(t, freeAddress(t), data)
		}, "is in use by another start of the service"},
		"a port that is taken": {func(t *testing.T, cmd *exec.Cmd, _ string) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { l.Close() })
			cmd.Env = append(cmd.Env, "ADDR="+l.Addr().String())
		}, "set ADDR to another"},
		"a file where the data folder should be": {func(t *testing.T, cmd *exec.Cmd, data string) {
			write(t, data+".txt", "")
			cmd.Env = append(cmd.Env, "DATA="+data+".txt")
		}, "not a directory"},
		"a clock that cannot be read": {func(t *testing.T, _ *exec.Cmd, data string) {
			write(t, filepath.Join(data, "clock.json"), "straks")
		}, "holds no offset"},
		"a store that cannot be read": {func(t *testing.T, _ *exec.Cmd, data string) {
			write(t, filepath.Join(data, "store.db"), strings.Repeat("geen database ", 100))
		}, "start Dynoxide"},
		"a key that cannot be read": {func(t *testing.T, _ *exec.Cmd, data string) {
			write(t, filepath.Join(data, "kms.key"), "kort")
		}, "want 32"},
		"DYNOXIDE_BIN that is not there": {func(_ *testing.T, cmd *exec.Cmd, data string) {
			cmd.Env = append(cmd.Env, "DYNOXIDE_BIN="+filepath.Join(data, "dynoxide"))
		}, "no such file"},
		"DYNOXIDE_BIN that is no store": {func(_ *testing.T, cmd *exec.Cmd, _ string) {
			cmd.Env = append(cmd.Env, "DYNOXIDE_BIN=/bin/true")
		}, "it ended at once"},
		"a clone without the store's package": {func(t *testing.T, cmd *exec.Cmd, data string) {
			file, err := filepath.Abs(waterstad)
			if err != nil {
				t.Fatal(err)
			}
			cmd.Dir, cmd.Env = data, append(cmd.Env, "MUNICIPALITY="+file)
		}, "npm ci"},
		"a municipality's file that is not there": {func(_ *testing.T, cmd *exec.Cmd, data string) {
			cmd.Env = append(cmd.Env, "MUNICIPALITY="+filepath.Join(data, "elders.json"))
		}, "no such file"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			cmd, _ := command(t, freeAddress(t), data)
			tt.change(t, cmd, data)
			said := refused(t, cmd)
			if len(said) != 1 || !strings.HasPrefix(said[0], "voordeur: ") || !strings.Contains(said[0], tt.want) {
				t.Errorf("it says %q, want one line with %q", said, tt.want)
			}
		})
	}
}

// make says what it lacks before it tries anything.
func TestMakeSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	maker, err := exec.LookPath("make")
	if err != nil {
		t.Fatal("make is missing: apt-get install make")
	}
	cases := map[string]struct{ machine, want string }{
		"a machine without Node":  {"Linux x86_64", "npm is missing: install Node 20 or newer"},
		"a machine of other make": {"Darwin arm64", "point DYNOXIDE_BIN at a Dynoxide binary"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tools := t.TempDir()
			shell, err := exec.LookPath("bash")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(shell, filepath.Join(tools, "bash")); err != nil {
				t.Fatal(err)
			}
			uname := filepath.Join(tools, "uname")
			write(t, uname, "#!"+shell+"\necho "+tt.machine+"\n")
			if err := os.Chmod(uname, 0o700); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(maker, "--silent", "store", "STORE="+filepath.Join(tools, "dynoxide"))
			cmd.Dir, cmd.Env = "../..", []string{"PATH=" + tools}
			said, err := cmd.CombinedOutput()
			if line, _, _ := strings.Cut(string(said), "\n"); err == nil || !strings.Contains(line, tt.want) {
				t.Errorf("make says %q and ends with %v, want %q", line, err, tt.want)
			}
		})
	}
}

func TestEveryFaultOfAMunicipalityIsTold(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(waterstad)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(content, &m); err != nil {
		t.Fatal(err)
	}
	delete(m, "team")
	m["points_per_hour"] = "veel"
	m["areas"].([]any)[0].(map[string]any)["team"] = "weg"
	m["exit_url"] = "http://www.example.com"
	broken, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	file := filepath.Join(data, "broken.json")
	write(t, file, string(broken))
	cmd, _ := command(t, freeAddress(t), data)
	cmd.Env = append(cmd.Env, "MUNICIPALITY="+file)
	said := refused(t, cmd)
	for _, place := range []string{"team: ", "points_per_hour: ", "areas[0].team: ", "exit_url: "} {
		if !slices.ContainsFunc(said, func(line string) bool { return strings.HasPrefix(line, place) }) {
			t.Errorf("it does not tell of %s", place)
		}
	}
	if len(said) != 5 {
		t.Errorf("it says %q, want the file and a line for each of 4 faults", said)
	}
}

// waterstad is the file of the example municipality.
const waterstad = "../../schemas/municipalities/waterstad.json"

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// refused runs a program that must end by itself with 1, and returns the lines that it said.
func refused(t *testing.T, cmd *exec.Cmd) []string {
	t.Helper()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(15*time.Second, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("it ended with %v, want exit status 1", err)
	}
	return strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
}
