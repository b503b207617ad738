package dynoxide_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/infra/local/dynoxide"
	"voordeur/infra/local/dynoxide/dynoxidetest"
)

// parentDatabase makes this test binary a parent that starts a store on the file it names, says where, and waits.
const parentDatabase = "DYNOXIDE_TEST_PARENT_DATABASE"

func TestMain(m *testing.M) {
	if database := os.Getenv(parentDatabase); database != "" {
		server, err := dynoxide.Start(context.Background(), options(database))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(server.Endpoint)
		<-server.Exited()
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func options(database string) dynoxide.Options {
	return dynoxide.Options{Binary: os.Getenv("DYNOXIDE_BIN"), DBPath: database}
}

func TestAStoreInMemoryAnswersTheSDK(t *testing.T) {
	t.Parallel()
	client := dynoxidetest.Client(t)
	makeTable(t, client)
	if got := tables(t, client); len(got) != 1 || got[0] != "cases" {
		t.Errorf("tables: got %q, want [cases]", got)
	}
}

func TestDataInAFileSurviveAStop(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "store.db")
	first := startOn(t, database)
	makeTable(t, dynamodb.NewFromConfig(dynoxide.Config(first.Endpoint)))
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	second := startOn(t, database)
	defer stop(t, second)
	if got := tables(t, dynamodb.NewFromConfig(dynoxide.Config(second.Endpoint))); len(got) != 1 {
		t.Errorf("tables after a restart: got %q, want [cases]", got)
	}
}

func TestASecondStoreOnTheSameFileIsRefused(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "store.db")
	defer stop(t, startOn(t, database))
	_, err := dynoxide.Start(t.Context(), options(database))
	wantLine(t, err, "is in use by another Dynoxide")
}

func TestAStoreThatOutlivesItsParentHoldsItsFile(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "store.db")
	first := startOn(t, database)
	if err := first.LetGo(); err != nil {
		t.Fatal(err)
	}
	_, err := dynoxide.Start(t.Context(), options(database))
	wantLine(t, err, "is in use by another Dynoxide")
	if err := syscall.Kill(first.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	stop(t, startOn(t, database)) // waits for the lock of the one that is dying
}

func TestManyStoresAtOnceEachGetAPortOfTheirOwn(t *testing.T) {
	t.Parallel()
	const stores = 20
	endpoints := make([]string, stores)
	var all sync.WaitGroup
	for i := range stores {
		all.Go(func() { endpoints[i] = dynoxidetest.Start(t).Endpoint })
	}
	all.Wait()
	seen := map[string]bool{}
	for _, endpoint := range endpoints {
		if seen[endpoint] || endpoint == "" {
			t.Errorf("endpoint %q is empty or was given twice", endpoint)
		}
		seen[endpoint] = true
	}
}

func TestAPortThatWasTakenMeanwhileIsPassedOver(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	other := dynoxidetest.Start(t)
	_, others, _ := strings.Cut(strings.TrimPrefix(other.Endpoint, "http://"), ":")
	port, err := strconv.Atoi(others)
	if err != nil {
		t.Fatal(err)
	}
	server, err := dynoxide.StartOnPorts(t.Context(), options("").Binary, taken.Addr().(*net.TCPAddr).Port, port)
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, server)
	if server.Endpoint == other.Endpoint {
		t.Error("it took another store's answer for its own")
	}
}

func TestATakenPortGivesOneClearLine(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	o := options("")
	o.Port = taken.Addr().(*net.TCPAddr).Port
	_, err = dynoxide.Start(t.Context(), o)
	wantLine(t, err, fmt.Sprintf("port %d is already in use", o.Port))
}

func TestAnUnreadableFileGivesOneClearLine(t *testing.T) {
	t.Parallel()
	_, err := dynoxide.Start(t.Context(), options(t.TempDir())) // a folder is no database
	wantLine(t, err, "unable to open database file")
}

func TestAMissingBinaryGivesOneClearLine(t *testing.T) {
	t.Parallel()
	_, err := dynoxide.Start(t.Context(), dynoxide.Options{Binary: filepath.Join(t.TempDir(), "dynoxide")})
	wantLine(t, err, "no such file")
}

func TestTheStoreOutlivesTheThreadThatStartedIt(t *testing.T) {
	t.Parallel()
	servers := make(chan *dynoxide.Server, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with this goroutine
		server, err := dynoxide.Start(t.Context(), options(""))
		if err != nil {
			t.Error(err)
		}
		servers <- server
	}()
	server := <-servers
	if server == nil {
		return
	}
	select {
	case <-server.Exited():
		t.Error("the store died with the thread that started it")
	case <-time.After(300 * time.Millisecond):
		stop(t, server)
	}
}

func TestTheStoreDiesWithItsParentAndTheNextStartFindsTheData(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Fatal("only Linux ends the store of a killed parent: run this on Linux")
	}
	database := filepath.Join(t.TempDir(), "store.db")
	for range 5 {
		parent := exec.Command(os.Args[0])
		parent.Env = append(os.Environ(), parentDatabase+"="+database)
		parent.Stderr = os.Stderr
		said, err := parent.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := parent.Start(); err != nil {
			t.Fatal(err)
		}
		endpoint, err := bufio.NewReader(said).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		makeTable(t, dynamodb.NewFromConfig(dynoxide.Config(strings.TrimSpace(endpoint))))
		if err := parent.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = parent.Wait() // it was killed

		server := startOn(t, database)
		if _, err := http.Get(strings.TrimSpace(endpoint)); err == nil && server.Endpoint != strings.TrimSpace(endpoint) {
			t.Error("the killed parent's store still answers while the next one runs")
		}
		client := dynamodb.NewFromConfig(dynoxide.Config(server.Endpoint))
		if got := tables(t, client); len(got) != 1 {
			t.Errorf("tables after a kill: got %q, want [cases]", got)
		}
		if _, err := client.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("cases")}); err != nil {
			t.Error(err)
		}
		stop(t, server)
	}
}

func TestAStoreThatEndsByItselfIsNoticed(t *testing.T) {
	t.Parallel()
	server := startOn(t, "")
	if err := syscall.Kill(server.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-server.Exited():
	case <-time.After(5 * time.Second):
		t.Error("nobody noticed")
	}
	stop(t, server)
}

func TestAStoreThatHangsIsKilled(t *testing.T) {
	t.Parallel()
	server := startOn(t, "")
	if err := syscall.Kill(server.PID(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	stop(t, server)
	select {
	case <-server.Exited():
	default:
		t.Error("it hangs on")
	}
}

func TestADataFolderIsLockedForOneProcess(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	unlock, err := dynoxide.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = dynoxide.Lock(dir)
	wantLine(t, err, "is in use by another start of the service")
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := dynoxide.Lock(dir)
	if err != nil {
		t.Fatalf("lock after unlock: %v", err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
}

func TestADataFolderThatCannotBeMadeGivesOneClearLine(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := dynoxide.Lock(filepath.Join(file, "data"))
	wantLine(t, err, "make the data folder")
}

func startOn(t *testing.T, database string) *dynoxide.Server {
	t.Helper()
	server, err := dynoxide.Start(t.Context(), options(database))
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func stop(t *testing.T, server *dynoxide.Server) {
	t.Helper()
	if err := server.Stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func makeTable(t *testing.T, client *dynamodb.Client) {
	t.Helper()
	_, err := client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName:            aws.String("cases"),
		BillingMode:          types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("PK"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("PK"), KeyType: types.KeyTypeHash}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func tables(t *testing.T, client *dynamodb.Client) []string {
	t.Helper()
	out, err := client.ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if err != nil {
		t.Fatal(err)
	}
	return out.TableNames
}

// wantLine checks that the error is one line that says what is wanted.
func wantLine(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("got error %v, want one line with %q", err, want)
	}
}
