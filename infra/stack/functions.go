package stack

import (
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"voordeur/infra/stack/rights"
	"voordeur/internal/bucket"
)

// function is how one of our functions runs.
type function struct {
	name     string
	means    string
	seconds  float64 // what it may take at most
	reserved float64 // how many of it the account always has room for; 0 for none of its own
	env      map[string]*string
}

// memory is in MB, and with it comes processor time: below 512 a cold start and the sealing of a last click take longer
// than they save, above it the bill grows and the waiting hardly shrinks, since most of it is for the store.
const memory = 512

// functionNames lists the functions in a fixed order.
func functionNames() []string { return []string{"frontdoor", "desk", "api", "dispatch"} }

func (a *App) allFunctions() []function {
	d, in := a.m.Deployment, a.data.signIn
	id, cases, short, key := jsii.String(a.m.ID), a.data.cases.Ref(), a.data.short.Ref(), a.data.envelopeKey.KeyArn()
	return []function{
		{
			name: "frontdoor", means: "The resident's pages", seconds: 10,
			env: map[string]*string{"MUNICIPALITY": id, "CASES_TABLE": cases, "SHORT_TABLE": short},
		},
		{
			name: "desk", means: "The workers' pages", seconds: 15, // a page of the longest case, and the provider's answer
			env: map[string]*string{
				"MUNICIPALITY": id, "CASES_TABLE": cases, "SHORT_TABLE": short, "KMS_KEY": key,
				"DESK_URL": jsii.String(d.DeskURL()), "OIDC_ISSUER": in.issuer, "OIDC_CLIENT_ID": in.client,
			},
		},
		{
			name: "api", means: "JSON for the municipality's own systems", seconds: 15,
			env: map[string]*string{"MUNICIPALITY": id, "CASES_TABLE": cases, "OIDC_ISSUER": in.issuer, "API_CLIENTS": in.apiClients},
		},
		{
			// A sweep may take until the next begins. Its own room: however many people or bots are at the door, what was
			// promised goes on (T31).
			name: "dispatch", means: "Routes, sends and keeps time", seconds: 60, reserved: 10,
			env: map[string]*string{
				"MUNICIPALITY": id, "CASES_TABLE": cases, "KMS_KEY": key, "PUBLIC_URL": jsii.String(d.PublicURL()),
				"DESK_URL": jsii.String(d.DeskURL()), "SES_CONFIGURATION_SET": a.configurationSet.Ref(),
				"DIGEST_BUCKET": a.data.digests.BucketName(),
			},
		},
	}
}

// function makes a function with a role of its own that may do what package rights says, and nothing else.
func (a *App) function(f function) {
	group := a.logGroup(f.name)
	role := awsiam.NewRole(a.stack, jsii.String("role-"+f.name), &awsiam.RoleProps{
		RoleName: jsii.String(name(a.m, f.name)), AssumedBy: awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		Description: jsii.String(f.means), InlinePolicies: &map[string]awsiam.PolicyDocument{"rights": a.rights(f.name)},
	})
	props := &awslambda.FunctionProps{
		FunctionName: jsii.String(name(a.m, f.name)), Description: jsii.String(f.means),
		Runtime: awslambda.Runtime_PROVIDED_AL2023(), Architecture: awslambda.Architecture_ARM_64(),
		Code: awslambda.Code_FromAsset(jsii.String(filepath.Join(a.code, f.name)), nil), Handler: jsii.String("bootstrap"),
		MemorySize: jsii.Number(memory), Timeout: awscdk.Duration_Seconds(jsii.Number(f.seconds)),
		LoggingFormat: awslambda.LoggingFormat_JSON, LogGroup: group,
		Environment: &f.env,
		Role:        role.WithoutPolicyUpdates(nil), // nothing else may add to it
	}
	if f.reserved > 0 {
		props.ReservedConcurrentExecutions = jsii.Number(f.reserved)
	}
	made := awslambda.NewFunction(a.stack, jsii.String("function-"+f.name), props)
	made.Node().AddDependency(role)
	a.functions[f.name] = made
}

// logGroup keeps lines for three months, sealed with a key of our own, though no line holds anything of a person.
func (a *App) logGroup(name string) awslogs.LogGroup {
	group := awslogs.NewLogGroup(a.stack, jsii.String("logs-"+name), &awslogs.LogGroupProps{
		LogGroupName: jsii.String(a.logGroupName(name)), Retention: awslogs.RetentionDays_THREE_MONTHS,
		EncryptionKey: a.key, RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	a.logs[name] = group
	return group
}

func (a *App) logGroupName(name string) string { return "/voordeur/" + a.m.ID + "/" + name }

// rights is the policy of a function's role.
func (a *App) rights(function string) awsiam.PolicyDocument {
	var statements []awsiam.PolicyStatement
	for _, r := range rights.Of(function) {
		conditions := map[string]any{}
		for _, c := range r.Conditions() {
			conditions[c.Operator] = map[string]any{c.Key: c.Values}
		}
		statements = append(statements, allow([]string{r.Action}, a.resource(function, r.On), conditions))
	}
	return policy(statements...)
}

// resource is the ARN of what a right is on.
func (a *App) resource(function string, r rights.Resource) string {
	switch r {
	case rights.CaseTable:
		return *a.data.cases.AttrArn()
	case rights.LeadIndex:
		return *a.data.cases.AttrArn() + "/index/lead"
	case rights.TodoIndex:
		return *a.data.cases.AttrArn() + "/index/todo"
	case rights.DutyIndex:
		return *a.data.cases.AttrArn() + "/index/duty"
	case rights.CaseStream:
		return *a.data.cases.AttrStreamArn()
	case rights.ShortTable:
		return *a.data.short.AttrArn()
	case rights.EnvelopeKey:
		return *a.data.envelopeKey.KeyArn()
	case rights.SenderIdentity:
		return arn(a.m, "ses", "identity/"+a.m.Sender.Domain())
	case rights.ConfigurationSet:
		return arn(a.m, "ses", "configuration-set/"+a.m.ID)
	case rights.Digests:
		return a.digests()
	case rights.DeadLetters:
		return *a.dead.QueueArn()
	case rights.LogGroup:
		return a.logStreams(function)
	}
	panic("no resource " + string(r))
}

// logStreams is every stream of a function's log, which Lambda names.
func (a *App) logStreams(function string) string {
	return arn(a.m, "logs", "log-group:"+a.logGroupName(function)+":log-stream:*")
}

// digests is every digest; each day's has a name of its own.
func (a *App) digests() string {
	return *a.data.digests.ArnForObjects(jsii.String(bucket.Folder + "*"))
}

// policy holds statements as they are, one by one.
func policy(statements ...awsiam.PolicyStatement) awsiam.PolicyDocument {
	return awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &statements, Minimize: jsii.Bool(false)})
}

func allow(actions []string, resource string, conditions map[string]any) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions: jsii.Strings(actions...), Resources: jsii.Strings(resource), Conditions: &conditions,
	})
}
