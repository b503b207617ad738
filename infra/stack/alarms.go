package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"voordeur/internal/dynamo"
)

// alarm mails the people on call. Its id is the name of its runbook, .github/guides/operator/alarms/<id>.md.
type alarm struct {
	id      string
	means   string // the first line of the mail: what it means for people
	metric  awscloudwatch.IMetric
	from    float64 // rings at this value and above; below it for progress
	times   float64 // so many periods of the metric
	outOf   float64 // among so many
	forward bool    // it watches progress: what stays below its value rings, and so does silence; see progress
}

// alarms makes every alarm and returns them.
func (a *App) alarms() []interfacesawscloudwatch.IAlarmRef {
	a.countLines()
	var all []interfacesawscloudwatch.IAlarmRef
	for _, row := range a.allAlarms() {
		props := &awscloudwatch.AlarmProps{
			AlarmName: jsii.String(name(a.m, row.id)), AlarmDescription: jsii.String(row.means + " Runbook: " + row.id + ".md"),
			Metric: row.metric, Threshold: jsii.Number(row.from),
			DatapointsToAlarm: jsii.Number(row.times), EvaluationPeriods: jsii.Number(row.outOf),
			ComparisonOperator: awscloudwatch.ComparisonOperator_GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
			TreatMissingData:   awscloudwatch.TreatMissingData_NOT_BREACHING,
		}
		if row.forward {
			props.ComparisonOperator = awscloudwatch.ComparisonOperator_LESS_THAN_THRESHOLD
			props.TreatMissingData = awscloudwatch.TreatMissingData_BREACHING
		}
		made := awscloudwatch.NewAlarm(a.stack, jsii.String(row.id), props)
		to := awscloudwatchactions.NewSnsAction(a.alarmsTo)
		made.AddAlarmAction(to)
		made.AddOkAction(to)
		all = append(all, made)
	}
	return all
}

func (a *App) allAlarms() []alarm {
	return append(append(a.pageAlarms(), a.workAlarms()...), append(a.mailAlarms(), a.safetyAlarms()...)...)
}

// pageAlarms are about people at a screen.
func (a *App) pageAlarms() []alarm {
	return []alarm{
		{
			id: "front-door-errors", means: "Residents get an error page.",
			metric: a.ofFrontDoor("5XXError", "Sum", 5), from: 1, times: 1, outOf: 1,
		},
		{
			id: "front-door-slow", means: "Residents wait more than two seconds for a page.",
			metric: a.ofFrontDoor("Latency", "p95", 5), from: 2000, times: 3, outOf: 4,
		},
		{id: "desk-errors", means: "Workers get an error page.", metric: a.own("desk_failed", "Sum", 5), from: 1, times: 1, outOf: 1},
		{id: "api-errors", means: "The municipality's systems get errors.", metric: a.own("api_failed", "Sum", 5), from: 1, times: 1, outOf: 1},
		{
			id: "sign-in-failing", means: "Workers are refused at sign-in, again and again.",
			metric: a.own("sign_ins_refused", "Sum", 15), from: 5, times: 1, outOf: 1,
		},
		{
			id: "web-acl-blocking", means: "An address asks so much that it is blocked: a flood, or a library full of people.",
			metric: metric("AWS/WAFV2", "BlockedRequests", "Sum", 5, dimensions{
				"WebACL": jsii.String(name(a.m, "web")), "Rule": jsii.String(name(a.m, "flood")), "Region": jsii.String(a.m.Deployment.Region),
			}), from: 1, times: 1, outOf: 1,
		},
		a.burning("slo-fast-burn", "A month's room for error pages is gone within two days if this goes on.", 60, 14.4),
		a.burning("slo-slow-burn", "A month's room for error pages is gone within five days if this goes on.", 360, 6),
	}
}

// objective is the share of the front door's answers in thirty days that may be error pages: 99.9% are none.
const objective = 0.001

// burning rings when errors come so many times as fast as the objective lets them, over a window that its speed calls for
// (Google's SRE workbook, chapter 5). Of fewer than twenty requests a share says nothing; front-door-errors counts those.
func (a *App) burning(id, means string, minutes, speed float64) alarm {
	return alarm{
		id: id, means: means, from: speed * objective, times: 1, outOf: 1,
		metric: calculated("IF(requests >= 20, errors / requests, 0)", "share of error pages", minutes, map[string]awscloudwatch.IMetric{
			"errors": a.ofFrontDoor("5XXError", "Sum", minutes), "requests": a.ofFrontDoor("Count", "Sum", minutes),
		}),
	}
}

// workAlarms are about what was promised to people and is not done.
func (a *App) workAlarms() []alarm {
	return []alarm{
		{id: "dispatch-errors", means: "Dispatch fails; what it fails at is tried again.", metric: a.ofFunction("dispatch", "Errors", "Sum", 5), from: 1, times: 2, outOf: 3},
		{id: "functions-throttled", means: "Requests are turned away: too many at once.", metric: a.throttledFunctions(), from: 1, times: 1, outOf: 1},
		{id: "stream-behind", means: "New reports reach dispatch after more than a minute.", metric: a.ofFunction("dispatch", "IteratorAge", "Maximum", 1), from: 60_000, times: 2, outOf: 2},
		{
			id: "dead-letters", means: "Something could not be worked off and waits for a person.",
			metric: metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", 5, dimensions{"QueueName": a.dead.QueueName()}), from: 1, times: 1, outOf: 1,
		},
		{id: "sweep-stopped", means: "Nobody keeps time: deadlines pass unseen.", metric: progress(a.own("swept", "Sum", 5), 5), from: 1, times: 1, outOf: 1, forward: true},
		{id: "reports-late", means: "A report has no lead after two minutes.", metric: a.own("late_reports", "Maximum", 1), from: 1, times: 2, outOf: 3},
		{
			id: "cases-late", means: "A case or a first look is past its deadline and nobody took it over.", from: 1, times: 4, outOf: 4,
			metric: calculated("cases + looks", "late", 15, map[string]awscloudwatch.IMetric{
				"cases": a.own("late_cases", "Minimum", 15), "looks": a.own("late_first_looks", "Minimum", 15),
			}),
		},
		{id: "destruction-late", means: "Cases are still here although their term is over.", metric: a.own("late_destructions", "Minimum", 60), from: 1, times: 1, outOf: 1},
		{id: "rules-lost", means: "A rule points at nobody.", metric: a.own("lost_rules", "Minimum", 15), from: 1, times: 1, outOf: 1},
		{id: "load-drifted", means: "A worker's load was wrong, and with it who got cases; it was put right.", metric: a.own("loads_corrected", "Sum", 5), from: 1, times: 1, outOf: 1},
		// Each run leaves one number, 0 when nothing had drifted. A run begins an hour after the one before it ended.
		{id: "loads-uncounted", means: "Nobody counts the loads: should one be wrong, it stays so.", metric: progress(a.own("loads_corrected", "SampleCount", 60), 60), from: 1, times: 3, outOf: 3, forward: true},
		{id: "smoke-test-stopped", means: "No test report came through for three quarters of an hour.", metric: progress(a.own("smoke_tests_passed", "Sum", 15), 15), from: 1, times: 3, outOf: 3, forward: true},
		{id: "tables-throttled", means: "The tables turn requests away.", metric: a.throttledTables(), from: 1, times: 2, outOf: 3},
	}
}

// mailAlarms are about mails that do not arrive. A sender is paused by AWS at a tenth of bounces or a thousandth of
// complaints; half of that rings.
func (a *App) mailAlarms() []alarm {
	return []alarm{
		{id: "messages-late", means: "A mail was not sent within a quarter of an hour.", metric: a.own("late_messages", "Maximum", 1), from: 1, times: 2, outOf: 3},
		{id: "mail-bounced", means: "A worker's address does not work.", metric: a.own("mails_bounced", "Sum", 5), from: 1, times: 1, outOf: 1},
		{id: "mail-complaints", means: "Somebody marked a mail as unwanted.", metric: metric("AWS/SES", "Complaint", "Sum", 60, nil), from: 1, times: 1, outOf: 1},
		{
			id: "sender-paused", means: "AWS is about to stop our mail.", from: 0.5, times: 1, outOf: 1,
			metric: calculated("MAX([bounces / 0.1, complaints / 0.001])", "how near", 60, map[string]awscloudwatch.IMetric{
				"bounces":    metric("AWS/SES", "Reputation.BounceRate", "Maximum", 60, nil),
				"complaints": metric("AWS/SES", "Reputation.ComplaintRate", "Maximum", 60, nil),
			}),
		},
	}
}

// safetyAlarms are about keys, copies and what shows tampering.
func (a *App) safetyAlarms() []alarm {
	return []alarm{
		{
			id: "envelope-keys-used-elsewhere", means: "Somebody other than desk and dispatch used the envelopes' key, or changed who may.",
			metric: a.ofRule("envelope-keys", 5), from: 1, times: 1, outOf: 1,
		},
		// A digest is kept two hours after its day ends, so one comes every 24 hours.
		{id: "digest-missing", means: "A day has no digest: whether its history was changed will not show.", metric: progress(a.own("digests_kept", "Sum", 60), 60), from: 1, times: 26, outOf: 26, forward: true},
		// A backup begins at one and has five hours; a day and four hours without one is a day missed.
		{id: "backup-failed", means: "Last night's backup is not there.", metric: progress(a.ofRule("backup-done", 60), 60), from: 1, times: 28, outOf: 28, forward: true},
	}
}

// progress counts a period without data as none. Left to itself an alarm on missing data looks back further than it was
// told, as long as it finds a period that had data: it would ring two periods late.
func progress(of awscloudwatch.IMetric, minutes float64) awscloudwatch.IMetric {
	return calculated("FILL(done, 0)", "done", minutes, map[string]awscloudwatch.IMetric{"done": of})
}

func (a *App) throttledFunctions() awscloudwatch.IMetric {
	from := map[string]awscloudwatch.IMetric{}
	for _, f := range functionNames() {
		from[f] = a.ofFunction(f, "Throttles", "Sum", 5)
	}
	return calculated("SUM(METRICS())", "throttled", 5, from)
}

func (a *App) throttledTables() awscloudwatch.IMetric {
	from := map[string]awscloudwatch.IMetric{}
	for id, table := range map[string]*string{"cases": a.data.cases.Ref(), "short": a.data.short.Ref()} {
		of := dimensions{"TableName": table}
		from[id+"_reads"] = metric("AWS/DynamoDB", "ReadThrottleEvents", "Sum", 5, of)
		from[id+"_writes"] = metric("AWS/DynamoDB", "WriteThrottleEvents", "Sum", 5, of)
	}
	// An index is counted apart from its table, and one that is full stops the table's writes: all that is due meets in a
	// few of their partitions.
	for _, index := range dynamo.Indexes() {
		of := dimensions{"TableName": a.data.cases.Ref(), "GlobalSecondaryIndexName": jsii.String(index.Name)}
		from["index_"+index.Name] = metric("AWS/DynamoDB", "WriteThrottleEvents", "Sum", 5, of)
	}
	return calculated("SUM(METRICS())", "throttled", 5, from)
}
