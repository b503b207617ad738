package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

// tries is how often a piece of dispatch's work comes back before it becomes a dead letter. The sweep finds it anyway.
const tries = 3

// wakeUps is what wakes dispatch: rows that are new, the minute, the smoke test, and what SES tells of mails.
func (a *App) wakeUps() {
	dispatch := a.functions["dispatch"]
	awslambda.NewCfnEventSourceMapping(a.stack, jsii.String("Stream"), &awslambda.CfnEventSourceMappingProps{
		FunctionName: dispatch.FunctionName(), EventSourceArn: a.data.cases.AttrStreamArn(),
		StartingPosition: jsii.String("TRIM_HORIZON"), BatchSize: jsii.Number(25), // three rounds of dispatch's eight at once
		FilterCriteria: filters(
			`{"eventName":["INSERT"],"dynamodb":{"Keys":{"PK":{"S":[{"prefix":"REPORT#"}]},"SK":{"S":["REPORT"]}}}}`,
			`{"eventName":["INSERT"],"dynamodb":{"Keys":{"PK":{"S":[{"prefix":"CASE#"}]},"SK":{"S":[{"prefix":"MESSAGE#"}]}}}}`,
			`{"eventName":["INSERT"],"dynamodb":{"Keys":{"PK":{"S":[{"prefix":"WORK#"}]},"SK":{"S":["WORK"]}}}}`,
		),
		BisectBatchOnFunctionError: jsii.Bool(true), FunctionResponseTypes: jsii.Strings("ReportBatchItemFailures"),
		MaximumRetryAttempts: jsii.Number(tries), MaximumRecordAgeInSeconds: jsii.Number(600),
		DestinationConfig: &awslambda.CfnEventSourceMapping_DestinationConfigProperty{
			OnFailure: &awslambda.CfnEventSourceMapping_OnFailureProperty{Destination: a.dead.QueueArn()},
		},
	})
	// What EventBridge brings waits in Lambda's own queue; from there it is tried again, or becomes a dead letter.
	awslambda.NewCfnEventInvokeConfig(a.stack, jsii.String("DispatchTries"), &awslambda.CfnEventInvokeConfigProps{
		FunctionName: dispatch.FunctionName(), Qualifier: jsii.String("$LATEST"),
		MaximumRetryAttempts: jsii.Number(2), MaximumEventAgeInSeconds: jsii.Number(3600),
		DestinationConfig: &awslambda.CfnEventInvokeConfig_DestinationConfigProperty{
			OnFailure: &awslambda.CfnEventInvokeConfig_OnFailureProperty{Destination: a.dead.QueueArn()},
		},
	})
	a.rule("minute", "Whatever is due", &awsevents.CfnRuleProps{
		ScheduleExpression: jsii.String("rate(1 minute)"), Targets: []any{a.toDispatch(nil)},
	})
	a.rule("smoke-test", "A test report through the front door", &awsevents.CfnRuleProps{
		ScheduleExpression: jsii.String("rate(15 minutes)"), Targets: []any{a.toDispatch(jsii.String(`{"detail-type":"Smoke test"}`))},
	})
	a.rule("mail", "What SES tells of mails", &awsevents.CfnRuleProps{
		EventPattern: map[string]any{
			"source": []string{"aws.ses"}, "resources": []string{arn(a.m, "ses", "configuration-set/"+a.m.ID)},
		},
		Targets: []any{a.toDispatch(nil)},
	})
	for _, id := range []string{"minute", "smoke-test", "mail"} {
		awslambda.NewCfnPermission(a.stack, jsii.String("invoke-"+id), &awslambda.CfnPermissionProps{
			Action: jsii.String("lambda:InvokeFunction"), FunctionName: dispatch.FunctionName(),
			Principal: jsii.String("events.amazonaws.com"), SourceArn: jsii.String(arn(a.m, "events", "rule/"+name(a.m, id))),
		})
	}
}

// filters lets through records that match one of the patterns.
func filters(patterns ...string) *awslambda.CfnEventSourceMapping_FilterCriteriaProperty {
	var all []any
	for _, p := range patterns {
		all = append(all, &awslambda.CfnEventSourceMapping_FilterProperty{Pattern: jsii.String(p)})
	}
	return &awslambda.CfnEventSourceMapping_FilterCriteriaProperty{Filters: all}
}

// toDispatch is dispatch as a target; input replaces the event.
func (a *App) toDispatch(input *string) *awsevents.CfnRule_TargetProperty {
	return &awsevents.CfnRule_TargetProperty{
		Id: jsii.String("dispatch"), Arn: a.functions["dispatch"].FunctionArn(), Input: input,
		RetryPolicy:      &awsevents.CfnRule_RetryPolicyProperty{MaximumRetryAttempts: jsii.Number(tries), MaximumEventAgeInSeconds: jsii.Number(3600)},
		DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: a.dead.QueueArn()},
	}
}

func (a *App) rule(id, means string, props *awsevents.CfnRuleProps) {
	props.Name, props.Description = jsii.String(name(a.m, id)), jsii.String(means)
	if props.State == nil {
		props.State = jsii.String("ENABLED")
	}
	awsevents.NewCfnRule(a.stack, jsii.String("rule-"+id), props)
}

// watches is what alarms count of events that are none of dispatch's.
func (a *App) watches() {
	used := map[string]any{
		"source": []string{"aws.kms"}, "detail-type": []string{"AWS API Call via CloudTrail"},
		"detail": map[string]any{
			// Encrypt opens nothing. But whoever makes a pair knows its private half, and from the next report on it is sealed to.
			"eventName": []string{"Decrypt", "Encrypt", "ReEncrypt", "CreateGrant", "PutKeyPolicy", "DisableKey", "ScheduleKeyDeletion"},
			"resources": map[string]any{"ARN": []*string{a.data.envelopeKey.KeyArn()}},
			"$or": []any{ // somebody whose role is another, or who has none
				sessionOf(map[string]any{"anything-but": []string{roleARN(a.m, "desk"), roleARN(a.m, "dispatch")}}),
				sessionOf(map[string]any{"exists": false}),
			},
		},
	}
	a.rule("envelope-keys", "Somebody else used the envelopes' key, or changed who may", &awsevents.CfnRuleProps{
		EventPattern: used, State: jsii.String("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"), // Decrypt only reads
		Targets: []any{&awsevents.CfnRule_TargetProperty{Id: jsii.String("alarms"), Arn: a.alarmsTo.TopicArn()}},
	})
	// A rule without a target is counted, and that is all: the alarm is on a day without one.
	a.rule("backup-done", "A backup of the case table is complete", &awsevents.CfnRuleProps{
		EventPattern: map[string]any{
			"source": []string{"aws.backup"}, "detail-type": []string{"Backup Job State Change"},
			"detail": map[string]any{"state": []string{"COMPLETED"}, "backupVaultName": []*string{a.data.vault.Ref()}},
		},
	})
}

// sessionOf matches the role that whoever called had taken on.
func sessionOf(match map[string]any) map[string]any {
	return map[string]any{"userIdentity": map[string]any{"sessionContext": map[string]any{"sessionIssuer": map[string]any{"arn": []any{match}}}}}
}
