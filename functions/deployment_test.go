package functions_test

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"voordeur/infra/stack/template"
)

// deployment is how the example municipality's stacks surround the functions. A test of the stack holds the files that
// it is read from to what the stack makes.
type deployment struct {
	t      *testing.T
	stage  template.Stage
	values map[string]string // stand-ins for what AWS would fill in
}

func readDeployment(t *testing.T, values map[string]string) deployment {
	t.Helper()
	stage, err := template.Read("../infra/stack/testdata", "waterstad")
	if err != nil {
		t.Fatal(err)
	}
	return deployment{t, stage, values}
}

// environment is what its template gives a function, and what Lambda says besides.
func (d deployment) environment(function string) map[string]string {
	d.t.Helper()
	env, err := d.stage.Environment(function, d.values)
	if err != nil {
		d.t.Fatal(err)
	}
	made, err := d.stage.Function(function)
	if err != nil {
		d.t.Fatal(err)
	}
	env["AWS_LAMBDA_LOG_FORMAT"] = fmt.Sprint(at(made.Properties, "LoggingConfig", "LogFormat"))
	return env
}

// scheduled is the event that a rule sends to dispatch: what the rule says or, when it says nothing, EventBridge's own.
func (d deployment) scheduled(rule string) []byte {
	d.t.Helper()
	for _, r := range d.ofType("AWS::Events::Rule") {
		targets, _ := r["Targets"].([]any)
		if r["Name"] != "waterstad-"+rule || len(targets) != 1 {
			continue
		}
		if input, ok := at(targets[0], "Input").(string); ok {
			return []byte(input)
		}
		return readEvent(d.t, "schedule")
	}
	d.t.Fatalf("the template has no rule %s with one target", rule)
	return nil
}

// streamed leaves of the stream's records those that its filters let through.
func (d deployment) streamed(records ...string) []string {
	d.t.Helper()
	var filters []any
	for _, source := range d.ofType("AWS::Lambda::EventSourceMapping") {
		all, _ := at(source, "FilterCriteria", "Filters").([]any)
		for _, filter := range all {
			filters = append(filters, d.decoded(fmt.Sprint(at(filter, "Pattern"))))
		}
	}
	return slices.DeleteFunc(records, func(text string) bool {
		record := d.decoded(text)
		return !slices.ContainsFunc(filters, func(filter any) bool { return matches(filter, record) })
	})
}

// tells says whether SES is asked to tell of a kind of event: "BOUNCE".
func (d deployment) tells(kind string) bool {
	return slices.ContainsFunc(d.ofType("AWS::SES::ConfigurationSetEventDestination"), func(to map[string]any) bool {
		kinds, _ := at(to, "EventDestination", "MatchingEventTypes").([]any)
		return slices.Contains(kinds, any(kind))
	})
}

// metric is one that is made of a function's lines in its log.
type metric struct{ name, function, message, value string }

// said is the pattern of a metric of our own lines. Others are of lines that API Gateway writes.
var said = regexp.MustCompile(`^\{ \$\.message = "([^"]+)" \}$`)

func (d deployment) metrics() []metric {
	var all []metric
	for _, filter := range d.ofType("AWS::Logs::MetricFilter") {
		message := said.FindStringSubmatch(fmt.Sprint(filter["FilterPattern"]))
		made, _ := filter["MetricTransformations"].([]any)
		group := d.stage.App.Resources[fmt.Sprint(at(filter, "LogGroupName", "Ref"))]
		if message == nil || len(made) != 1 {
			continue
		}
		all = append(all, metric{
			name: fmt.Sprint(at(made[0], "MetricName")), function: path.Base(fmt.Sprint(group.Properties["LogGroupName"])),
			message: message[1], value: fmt.Sprint(at(made[0], "MetricValue")),
		})
	}
	return all
}

// in says whether a log has a line that the metric counts, with the number that it reads.
func (m metric) in(log string) bool {
	for line := range strings.Lines(log) {
		var said map[string]any
		if json.Unmarshal([]byte(line), &said) != nil || said["message"] != m.message {
			continue
		}
		field, reads := strings.CutPrefix(m.value, "$.")
		if _, isNumber := said[field].(float64); isNumber || !reads {
			return true
		}
	}
	return false
}

func (d deployment) ofType(kind string) []map[string]any {
	var found []map[string]any
	for _, r := range d.stage.App.Resources {
		if r.Type == kind {
			found = append(found, r.Properties)
		}
	}
	return found
}

func (d deployment) decoded(text string) (value any) {
	d.t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		d.t.Fatal(err)
	}
	return value
}

// at is what stands at a path in a decoded value, nil when there is nothing.
func at(value any, path ...string) any {
	for _, name := range path {
		inner, _ := value.(map[string]any)
		value = inner[name]
	}
	return value
}

// matches says whether a pattern of EventBridge takes a value. Of that language it knows what our filters say.
func matches(pattern, value any) bool {
	switch p := pattern.(type) {
	case map[string]any:
		for name, inner := range p {
			if !matches(inner, at(value, name)) {
				return false
			}
		}
		return true
	case []any:
		return slices.ContainsFunc(p, func(one any) bool {
			text, isText := value.(string)
			start, isPrefix := at(one, "prefix").(string)
			return one == value || isText && isPrefix && strings.HasPrefix(text, start)
		})
	}
	return false
}
