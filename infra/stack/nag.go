package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
)

// nag holds every resource of a Stage against the rules of AwsSolutions. What they find and nobody accepted ends the
// synthesis.
func nag(stage awscdk.Stage, d *Data, a *App) {
	for _, x := range append(d.accepted(), a.accepted()...) {
		for _, path := range x.at {
			suppression := &cdknag.NagPackSuppression{Id: jsii.String(x.rule), Reason: jsii.String(x.reason)}
			if len(x.only) > 0 {
				only := make([]any, len(x.only))
				for i, finding := range x.only {
					only[i] = finding
				}
				suppression.AppliesTo = &only
			}
			// A path that is not there is refused.
			cdknag.NagSuppressions_AddResourceSuppressionsByPath(x.in, jsii.String("/"+*x.in.Node().Path()+"/"+path),
				&[]*cdknag.NagPackSuppression{suppression}, nil)
		}
	}
	awscdk.Aspects_Of(stage).Add(cdknag.NewAwsSolutionsChecks(&cdknag.NagPackProps{Verbose: jsii.Bool(true)}), nil)
}

// accepted is a finding that we live with.
type accepted struct {
	in     awscdk.Stack
	at     []string // paths of constructs in the stack
	rule   string
	reason string
	only   []string // of the rule's findings; all of them when empty
}

func (d *Data) accepted() []accepted {
	all := []accepted{
		{
			in: d.stack, at: []string{"ShortTable"}, rule: "AwsSolutions-DDB3",
			reason: "Drafts and sessions: what is gone from this table has to be gone.",
		},
		{
			in: d.stack, at: []string{"TrailBucket/Resource"}, rule: "AwsSolutions-S1",
			reason: "It holds the account's own trail. A log of who reads it would need a bucket with the same question.",
		},
		{
			in: d.stack, at: []string{"DigestBucket/Resource"}, rule: "AwsSolutions-S1",
			reason: "It holds hashes, from which nothing can be read. A log of who reads them would show nothing that matters.",
		},
		{
			in: d.stack, at: []string{"BackupRole/Resource"}, rule: "AwsSolutions-IAM5", only: []string{"Resource::<CaseTable.Arn>/backup/*"},
			reason: "DynamoDB names each backup itself. It is those of this one table.",
		},
		{
			in: d.stack, at: []string{"BackupRole/Resource"}, rule: "AwsSolutions-IAM5", only: []string{"Resource::" + d.recoveryPoints()},
			reason: "AWS Backup names each copy itself. It is those of this account and region, to be tagged and no more.",
		},
	}
	if d.m.Deployment.SignIn != nil {
		return all
	}
	return append(
		all,
		accepted{
			in: d.stack, at: []string{"UserPool"}, rule: "AwsSolutions-COG1",
			reason: "Fifteen characters of any kind: rules on composition make passwords worse (ASVS 5.0, 6.2.5).",
		},
		accepted{
			in: d.stack, at: []string{"UserPool"}, rule: "AwsSolutions-COG3",
			reason: "It would follow workers' devices and places, at a price for each of them. A second factor is required anyway.",
		},
	)
}

func (a *App) accepted() []accepted {
	apis := []string{"api-public/Resource", "api-desk/Resource"}
	stages := []string{"api-public/DeploymentStage.live/Resource", "api-desk/DeploymentStage.live/Resource"}
	methods := []string{
		"api-public/Default/ANY/Resource", "api-public/Default/{proxy+}/ANY/Resource",
		"api-desk/Default/desk/ANY/Resource", "api-desk/Default/desk/{proxy+}/ANY/Resource",
		"api-desk/Default/api/ANY/Resource", "api-desk/Default/api/{proxy+}/ANY/Resource",
	}
	const checked = "Residents have no account. Workers' sessions and systems' tokens are checked by the function itself, which sends people to sign-in."
	all := []accepted{
		{in: a.stack, at: methods, rule: "AwsSolutions-APIG4", reason: checked},
		{in: a.stack, at: methods, rule: "AwsSolutions-COG4", reason: checked},
		{
			in: a.stack, at: apis, rule: "AwsSolutions-APIG2",
			reason: "The functions check every request: they tell people what is wrong in their own words, and keep what they wrote.",
		},
		{
			in: a.stack, at: stages, rule: "AwsSolutions-APIG6",
			reason: "Execution logs hold paths, queries and visitors' addresses. The access log has each request by its route key.",
		},
		{
			in: a.stack, at: []string{"DeadLetters/Resource"}, rule: "AwsSolutions-SQS3",
			reason: "It is the dead-letter queue, of Lambda and EventBridge, and an alarm is on it.",
		},
		{
			in: a.stack, at: []string{"role-access-logs/Resource"}, rule: "AwsSolutions-IAM4",
			reason: "API Gateway takes no narrower role for its access logs. Nobody else can take it on.",
		},
	}
	all = append(all, accepted{
		in: a.stack, at: []string{"role-dispatch/Resource"}, rule: "AwsSolutions-IAM5", only: []string{"Resource::<DigestBucket.Arn>/digests/*"},
		reason: "Each day's digest has a name of its own. It is those in one folder of one bucket, to be put and no more.",
	})
	for _, f := range functionNames() {
		all = append(all, accepted{
			in: a.stack, at: []string{"role-" + f + "/Resource"}, rule: "AwsSolutions-IAM5",
			only:   []string{"Resource::" + a.logStreams(f)},
			reason: "Lambda names each log stream itself. It is those of the function's own log group.",
		})
	}
	return all
}
