// Package stack is the service in AWS: for each municipality a Stage of two stacks in one account and one region of the
// European Union. Data holds what must not be lost, App what can be made again.
//
// Accounts, regions and names are literal, so that nothing is looked up: synthesis needs no network, and gives the same
// bytes every time.
package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"voordeur/internal/municipality"
)

// Config is what the stacks are made from.
type Config struct {
	Context        map[string]any // of cdk.json: it reaches an app through the command line alone, and tests have none
	Municipalities []*municipality.Municipality
	Functions      string // the folder with a folder for each built function
	Out            string // where the templates go; "": where the command line wants them
}

// New is the CDK app: a Stage for each municipality, named by its id.
func New(c Config) awscdk.App {
	app := awscdk.NewApp(&awscdk.AppProps{
		AnalyticsReporting: jsii.Bool(false), TreeMetadata: jsii.Bool(false), Context: &c.Context, Outdir: optional(c.Out),
	})
	for _, m := range c.Municipalities {
		stage := awscdk.NewStage(app, jsii.String(m.ID), &awscdk.StageProps{Env: &awscdk.Environment{
			Account: jsii.String(m.Deployment.Account), Region: jsii.String(m.Deployment.Region),
		}})
		data := newData(stage, m)
		nag(stage, data, newApp(stage, m, data, c.Functions))
		// On the app they would skip the Stage. Dashboards take no tags.
		awscdk.Tags_Of(stage).Add(jsii.String("municipality"), jsii.String(m.ID), &awscdk.TagProps{
			ExcludeResourceTypes: jsii.Strings("AWS::CloudWatch::Dashboard"),
		})
	}
	return app
}

// optional leaves out what is empty.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
