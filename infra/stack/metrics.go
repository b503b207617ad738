package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// line is a metric that is made of log lines.
type line struct {
	metric  string
	log     string // which log, by its name
	pattern string
	value   string // a field of the line, or "1" to count lines
}

// lines are the metrics of our own. What a sweep tells stands in one line with all its numbers; see functions/dispatch.
func lines() []line {
	const swept, failed = `{ $.message = "swept" }`, `$.status >= 500 && $.route = `
	return []line{
		{"swept", "dispatch", swept, "1"},
		{"late_reports", "dispatch", swept, "$.late_reports"},
		{"late_messages", "dispatch", swept, "$.late_messages"},
		{"late_cases", "dispatch", swept, "$.late_cases"},
		{"late_first_looks", "dispatch", swept, "$.late_first_looks"},
		{"late_destructions", "dispatch", swept, "$.late_destructions"},
		{"lost_rules", "dispatch", swept, "$.lost_rules"},
		{"digests_kept", "dispatch", `{ $.message = "digest kept" }`, "1"},
		{"loads_corrected", "dispatch", `{ $.message = "loads counted" }`, "$.corrected"},
		{"smoke_tests_passed", "dispatch", `{ $.message = "smoke test passed" }`, "1"},
		{"mails_bounced", "dispatch", `{ $.message = "mail bounced" }`, "1"},
		{"sign_ins_refused", "desk", `{ $.message = "a sign-in was refused" }`, "1"},
		{"desk_failed", "desk-access", `{ ` + failed + `"/desk*" }`, "1"},
		{"api_failed", "desk-access", `{ ` + failed + `"/api*" }`, "1"},
	}
}

// namespace of the municipality's own metrics.
func (a *App) namespace() string { return "Voordeur/" + a.m.ID }

func (a *App) countLines() {
	for _, l := range lines() {
		awslogs.NewCfnMetricFilter(a.stack, jsii.String("count-"+l.metric), &awslogs.CfnMetricFilterProps{
			LogGroupName: a.logs[l.log].LogGroupName(), FilterPattern: jsii.String(l.pattern),
			MetricTransformations: []any{&awslogs.CfnMetricFilter_MetricTransformationProperty{
				MetricNamespace: jsii.String(a.namespace()), MetricName: jsii.String(l.metric), MetricValue: jsii.String(l.value),
			}},
		})
	}
}

// dimensions name what a metric is of.
type dimensions map[string]*string

func metric(namespace, name, statistic string, minutes float64, of dimensions) awscloudwatch.IMetric {
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: jsii.String(namespace), MetricName: jsii.String(name), Statistic: jsii.String(statistic),
		Period: awscdk.Duration_Minutes(jsii.Number(minutes)), DimensionsMap: (*map[string]*string)(&of),
	})
}

// own is a metric made of log lines.
func (a *App) own(name, statistic string, minutes float64) awscloudwatch.IMetric {
	return metric(a.namespace(), name, statistic, minutes, nil)
}

// ofFunction is a metric of Lambda about one of our functions.
func (a *App) ofFunction(function, name, statistic string, minutes float64) awscloudwatch.IMetric {
	return metric("AWS/Lambda", name, statistic, minutes, dimensions{"FunctionName": a.functions[function].FunctionName()})
}

// ofFrontDoor is a metric of the public API.
func (a *App) ofFrontDoor(metricName, statistic string, minutes float64) awscloudwatch.IMetric {
	return metric("AWS/ApiGateway", metricName, statistic, minutes, dimensions{
		"ApiName": jsii.String(name(a.m, "public")), "Stage": jsii.String("live"),
	})
}

// ofRule counts the events that a rule matched, whether or not its target took them.
func (a *App) ofRule(rule string, minutes float64) awscloudwatch.IMetric {
	return metric("AWS/Events", "TriggeredRules", "Sum", minutes, dimensions{"RuleName": jsii.String(name(a.m, rule))})
}

// calculated is a metric that follows from others.
func calculated(expression, label string, minutes float64, from map[string]awscloudwatch.IMetric) awscloudwatch.IMetric {
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: jsii.String(expression), Label: jsii.String(label), UsingMetrics: &from,
		Period: awscdk.Duration_Minutes(jsii.Number(minutes)),
	})
}
