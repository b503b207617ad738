package functions_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"voordeur/infra/local/example/exampletest"
	"voordeur/infra/stack/rights"
	"voordeur/internal/dynamo"
	"voordeur/internal/web"
)

// use is one thing that a function did in AWS, as IAM sees it.
type use struct {
	action string // "dynamodb:PutItem"
	on     rights.Resource
	key    string // the partition key, the purpose of a key pair, or "" where AWS has no such condition
	said   string // key for a message: its kind only, with the attribute's name for an index

	attributes []string // that the call names besides the primary key
	all        bool     // it reads whole rows
}

// recorder stands between functions and what they talk to, and writes down who did what.
type recorder struct {
	*service
	t        *testing.T
	launched map[string]*process // by function
	tables   map[string]rights.Resource
	mu       sync.Mutex
	did      map[string][]use    // by function
	private  []string            // the encrypted private halves of the key pairs, as answers of the store have them
	opened   map[string]int      // by function: answers that had one
	walked   map[string][]string // by function: the patterns of the routes that were answered with less than 400
}

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	r := &recorder{
		service: newService(t), t: t, launched: map[string]*process{}, did: map[string][]use{}, walked: map[string][]string{},
		opened: map[string]int{}, tables: map[string]rights.Resource{},
	}
	r.watch(r.Town)
	return r
}

// watch has the recorder know a town's tables, and the private halves of its key pairs.
func (r *recorder) watch(town *exampletest.Town) {
	r.t.Helper()
	r.tables[town.Store.Cases], r.tables[town.Store.Short] = rights.CaseTable, rights.ShortTable
	keys, err := town.Store.Keys(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	for _, k := range keys {
		r.private = append(r.private, base64.StdEncoding.EncodeToString(k.Private))
	}
}

// launch starts a function that is recorded, with these variables beside or instead of its own.
func (r *recorder) launch(function string, more map[string]string) *process {
	r.t.Helper()
	p := r.begin(function, more)
	r.launched[function] = p
	return p
}

func (r *recorder) begin(function string, more map[string]string) *process {
	r.t.Helper()
	env := r.environment(function)
	maps.Copy(env, more)
	for name, endpoint := range env {
		if strings.HasPrefix(name, "AWS_ENDPOINT_URL_") {
			env[name] = r.before(function, endpoint)
		}
	}
	p := launch(r.t, function, env)
	router := http.NewServeMux()
	for _, pattern := range routes()[function] {
		router.Handle(pattern, http.NotFoundHandler())
	}
	p.told = func(event, answer []byte) { r.walk(function, router, event, answer) }
	return p
}

// routes lists every pattern of the functions that have a router.
func routes() map[string][]string {
	return map[string][]string{"frontdoor": web.Frontdoor{}.Routes(), "desk": web.Desk{}.Routes(), "api": web.API{}.Routes()}
}

// walk writes down which route an event took, when it is one of API Gateway.
func (r *recorder) walk(function string, router *http.ServeMux, event, answer []byte) {
	var in events.APIGatewayProxyRequest
	var out events.APIGatewayProxyResponse
	if json.Unmarshal(event, &in) != nil || in.HTTPMethod == "" || json.Unmarshal(answer, &out) != nil || out.StatusCode >= http.StatusBadRequest {
		return
	}
	request := httptest.NewRequestWithContext(r.t.Context(), in.HTTPMethod, in.Path, nil)
	_, pattern := router.Handler(request)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.walked[function] = append(r.walked[function], pattern)
}

// before returns the address of a proxy in front of an endpoint.
func (r *recorder) before(function, endpoint string) string {
	r.t.Helper()
	to, err := url.Parse(endpoint)
	if err != nil {
		r.t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(answer *http.Response) error { return r.look(function, answer) }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			r.t.Error(err)
		}
		request.Body = io.NopCloser(bytes.NewReader(body))
		uses, err := r.usesOf(request, body)
		if err != nil {
			r.t.Errorf("%s: %v", function, err)
		}
		r.mu.Lock()
		r.did[function] = append(r.did[function], uses...)
		r.mu.Unlock()
		proxy.ServeHTTP(w, request)
	}))
	r.t.Cleanup(server.Close)
	return server.URL
}

// look writes down whether an answer brings a private half.
func (r *recorder) look(function string, answer *http.Response) error {
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.ContainsFunc(r.private, func(half string) bool { return strings.Contains(string(body), half) }) {
		r.opened[function]++
	}
	return nil
}

// sesReads are the calls that ask SES how the sender is set up.
var sesReads = regexp.MustCompile(`^GET /v2/email/(identities|configuration-sets)/[^/]+$`)

// digest is the call that puts a day's digest in the bucket of the example municipality.
var digest = regexp.MustCompile(`^PUT /waterstad-digests/digests/[0-9-]{10}\.json$`)

// usesOf reads a call as IAM authorises it.
func (r *recorder) usesOf(request *http.Request, body []byte) ([]use, error) {
	service, operation, _ := strings.Cut(request.Header.Get("X-Amz-Target"), ".")
	at := request.Method + " " + request.URL.Path
	switch {
	case strings.HasPrefix(service, "DynamoDB"):
		var call storeCall
		if err := json.Unmarshal(body, &call); err != nil {
			return nil, fmt.Errorf("read %s: %w", operation, err)
		}
		return r.storeUses(operation, call)
	case service == "TrentService":
		var call struct{ EncryptionContext map[string]string }
		if err := json.Unmarshal(body, &call); err != nil {
			return nil, fmt.Errorf("read %s: %w", operation, err)
		}
		purpose := call.EncryptionContext["purpose"]
		return []use{{action: "kms:" + operation, on: rights.EnvelopeKey, key: purpose, said: purpose}}, nil
	case at == "POST /v2/email/outbound-emails": // of a whole message: dispatch sends no other
		return []use{{action: "ses:SendRawEmail", on: rights.SenderIdentity}, {action: "ses:SendRawEmail", on: rights.ConfigurationSet}}, nil
	}
	if digest.MatchString(at) {
		return []use{{action: "s3:PutObject", on: rights.Digests}}, nil
	}
	if found := sesReads.FindStringSubmatch(at); found != nil {
		return []use{map[string]use{
			"identities":         {action: "ses:GetEmailIdentity", on: rights.SenderIdentity},
			"configuration-sets": {action: "ses:GetConfigurationSet", on: rights.ConfigurationSet},
		}[found[1]]}, nil
	}
	return nil, fmt.Errorf("a call that nobody knows how to authorise: %s %s.%s", at, service, operation)
}

// storeCall is what the calls to the store that may be recorded have, as far as IAM looks at it.
type storeCall struct {
	TableName, IndexName      string
	Select                    string
	Key, Item                 row
	KeyConditionExpression    string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues row
	RequestItems              map[string]struct{ Keys []row }
	TransactItems             []map[string]storeCall // "Put" and the like
}

// row is an item or a key; of its values only texts are read.
type row map[string]struct{ S string }

// condition is the first part of a key condition: the partition key.
var condition = regexp.MustCompile(`^(#?\w+) = (:\w+)`)

func (r *recorder) storeUses(operation string, call storeCall) ([]use, error) {
	switch operation {
	case "TransactWriteItems":
		var all []use
		for _, part := range call.TransactItems {
			for kind, write := range part {
				action := map[string]string{"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}[kind]
				uses, err := r.storeUses(action, write)
				if err != nil {
					return nil, err
				}
				all = append(all, uses...)
			}
		}
		return all, nil
	case "BatchGetItem":
		var all []use
		for table, asked := range call.RequestItems {
			for _, key := range asked.Keys {
				u, err := r.storeUse(operation, table, key["PK"].S)
				if err != nil {
					return nil, err
				}
				all = append(all, u)
			}
		}
		return all, nil
	case "Query":
		found := condition.FindStringSubmatch(call.KeyConditionExpression)
		if found == nil {
			return nil, fmt.Errorf("query by %q", call.KeyConditionExpression)
		}
		attribute, key := found[1], call.ExpressionAttributeValues[found[2]].S
		if given, ok := call.ExpressionAttributeNames[attribute]; ok {
			attribute = given
		}
		if call.IndexName != "" {
			return indexUses(call.IndexName, attribute, key)
		}
		u, err := r.storeUse(operation, call.TableName, key)
		u.attributes, u.all = call.attributes(), call.Select != "SPECIFIC_ATTRIBUTES"
		return []use{u}, err
	}
	u, err := r.storeUse(operation, call.TableName, call.Key["PK"].S+call.Item["PK"].S)
	u.attributes = call.attributes()
	return []use{u}, err
}

// attributes are those that the call's expressions name, which by a rule of the store are all used.
func (c storeCall) attributes() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Values(c.ExpressionAttributeNames)), func(a string) bool { return a == "PK" || a == "SK" })
}

// storeUse is an action on a partition of a table; an empty key is one that asks for none, such as a scan.
func (r *recorder) storeUse(operation, table, key string) (use, error) {
	on, ok := r.tables[table]
	if !ok {
		return use{}, fmt.Errorf("%s on table %q", operation, table)
	}
	kind, _, more := strings.Cut(key, "#")
	if more {
		kind += "#…"
	}
	return use{action: "dynamodb:" + operation, on: on, key: key, said: kind}, nil
}

// indexUses is a query of an index by a value of its partition key.
func indexUses(name, attribute, key string) ([]use, error) {
	i := slices.IndexFunc(dynamo.Indexes(), func(ix dynamo.Index) bool { return ix.Name == name && ix.PK == attribute })
	on, ok := map[string]rights.Resource{"lead": rights.LeadIndex, "todo": rights.TodoIndex, "duty": rights.DutyIndex}[name]
	if i < 0 || !ok {
		return nil, fmt.Errorf("query of index %s by %s", name, attribute)
	}
	return []use{{action: "dynamodb:Query", on: on, key: key, said: attribute + "=" + key}}, nil
}
