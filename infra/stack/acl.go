package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/jsii-runtime-go"
)

// requestsPerAddress is what one address may ask in five minutes. A library or an office shares one: twenty people who
// click every other second stay below it.
const requestsPerAddress = 4000

// webACL stands in front of both APIs with one rule against floods. No rule looks at a body, a country or an anonymity
// network, and no request is kept as a sample.
func (a *App) webACL() {
	const rule = "flood"
	acl := awswafv2.NewCfnWebACL(a.stack, jsii.String("WebAcl"), &awswafv2.CfnWebACLProps{
		Name: jsii.String(name(a.m, "web")), Scope: jsii.String("REGIONAL"),
		DefaultAction:    &awswafv2.CfnWebACL_DefaultActionProperty{Allow: &awswafv2.CfnWebACL_AllowActionProperty{}},
		VisibilityConfig: counted(name(a.m, "web")),
		Rules: []any{&awswafv2.CfnWebACL_RuleProperty{
			Name: jsii.String(rule), Priority: jsii.Number(0), VisibilityConfig: counted(name(a.m, rule)),
			Action: &awswafv2.CfnWebACL_RuleActionProperty{Block: &awswafv2.CfnWebACL_BlockActionProperty{}},
			Statement: &awswafv2.CfnWebACL_StatementProperty{RateBasedStatement: &awswafv2.CfnWebACL_RateBasedStatementProperty{
				AggregateKeyType: jsii.String("IP"), Limit: jsii.Number(requestsPerAddress), EvaluationWindowSec: jsii.Number(300),
			}},
		}},
	})
	for _, api := range []awsapigateway.RestApi{a.public, a.desk} {
		awswafv2.NewCfnWebACLAssociation(a.stack, jsii.String("web-acl-"+*api.Node().Id()), &awswafv2.CfnWebACLAssociationProps{
			WebAclArn: acl.AttrArn(), ResourceArn: api.DeploymentStage().StageArn(),
		})
	}
}

func counted(metric string) *awswafv2.CfnWebACL_VisibilityConfigProperty {
	return &awswafv2.CfnWebACL_VisibilityConfigProperty{
		MetricName: jsii.String(metric), CloudWatchMetricsEnabled: jsii.Bool(true), SampledRequestsEnabled: jsii.Bool(false),
	}
}
