package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
)

// operationsKey seals what the stack writes down about itself: logs, alarms on their way, dead letters. It goes with the
// stack, and with it what it sealed.
func (a *App) operationsKey() {
	use := []string{"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"}
	a.key = key(a.stack, "OperationsKey", "Logs, alarms and dead letters of "+a.m.Name, awscdk.RemovalPolicy_DESTROY,
		administers(a.m), throughService(a.m, "sqs"),
		statement(use, service("logs."+a.m.Deployment.Region+".amazonaws.com"), map[string]any{
			"ArnEquals": map[string]any{"kms:EncryptionContext:aws:logs:arn": a.logGroupARNs()},
		}),
		statement([]string{"kms:Decrypt", "kms:GenerateDataKey"}, service("cloudwatch.amazonaws.com"), a.fromHere()),
		// For EventBridge AWS does not name the account to the key: a condition on it would stop every event unsaid. What
		// is sealed, it names.
		statement([]string{"kms:Decrypt", "kms:GenerateDataKey"}, service("events.amazonaws.com"), map[string]any{
			"StringEquals": map[string]any{"kms:EncryptionContext:aws:sns:topicArn": arn(a.m, "sns", name(a.m, "alarms"))},
		}),
		statement([]string{"kms:Decrypt", "kms:GenerateDataKey"}, service("events.amazonaws.com"), map[string]any{
			"StringEquals": map[string]any{"kms:EncryptionContext:aws:sqs:arn": arn(a.m, "sqs", name(a.m, "dead-letters"))},
		}),
		statement([]string{"kms:Decrypt", "kms:GenerateDataKey"}, service("budgets.amazonaws.com"), a.fromHere()),
	)
	awskms.NewCfnAlias(a.stack, jsii.String("OperationsKeyAlias"), &awskms.CfnAliasProps{
		AliasName: jsii.String("alias/" + name(a.m, "operations")), TargetKeyId: a.key.KeyArn(),
	})
}

func (a *App) logGroupARNs() []string {
	var all []string
	for _, group := range append(functionNames(), "public-access", "desk-access") {
		all = append(all, arn(a.m, "logs", "log-group:"+a.logGroupName(group)))
	}
	return all
}

func service(name string) awsiam.IPrincipal {
	return awsiam.NewServicePrincipal(jsii.String(name), nil)
}

// fromHere holds a service to what it does for this account.
func (a *App) fromHere() map[string]any {
	return map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": a.m.Deployment.Account}}
}

// topic is where every alarm goes: a mail to the people on call.
func (a *App) topic() {
	a.alarmsTo = awssns.NewTopic(a.stack, jsii.String("Alarms"), &awssns.TopicProps{
		TopicName: jsii.String(name(a.m, "alarms")), MasterKey: a.key, EnforceSSL: jsii.Bool(true),
	})
	for _, s := range []string{"cloudwatch.amazonaws.com", "events.amazonaws.com", "budgets.amazonaws.com"} {
		conditions := a.fromHere()
		a.alarmsTo.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Actions: jsii.Strings("sns:Publish"), Principals: &[]awsiam.IPrincipal{service(s)},
			Resources: &[]*string{a.alarmsTo.TopicArn()}, Conditions: &conditions,
		}))
	}
	awssns.NewCfnSubscription(a.stack, jsii.String("AlarmsTo"), &awssns.CfnSubscriptionProps{
		TopicArn: a.alarmsTo.TopicArn(), Protocol: jsii.String("email"), Endpoint: jsii.String(a.m.Deployment.AlarmsTo),
	})
}

// deadLetters holds for two weeks what dispatch could not work off. Of the stream that is where in it, never a row; an
// event of SES has a reader's address, hence the key.
func (a *App) deadLetters() {
	a.dead = awssqs.NewQueue(a.stack, jsii.String("DeadLetters"), &awssqs.QueueProps{
		QueueName: jsii.String(name(a.m, "dead-letters")), RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)),
		EncryptionMasterKey: a.key, EnforceSSL: jsii.Bool(true),
	})
	conditions := a.fromHere()
	a.dead.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions: jsii.Strings("sqs:SendMessage"), Principals: &[]awsiam.IPrincipal{service("events.amazonaws.com")},
		Resources: &[]*string{a.dead.QueueArn()}, Conditions: &conditions,
	}))
}
