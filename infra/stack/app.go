package stack

import (
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"voordeur/internal/municipality"
)

// App is the stack of what can be made again: functions, what stands in front of them, what wakes them and what watches
// them.
type App struct {
	stack awscdk.Stack
	m     *municipality.Municipality
	data  *Data
	code  string // the folder with a folder for each built function

	key              awskms.Key // of what this stack writes down about itself
	dead             awssqs.Queue
	alarmsTo         awssns.Topic
	configurationSet awsses.CfnConfigurationSet
	functions        map[string]awslambda.Function
	logs             map[string]awslogs.LogGroup // of the functions and the two APIs, by name
	public, desk     awsapigateway.RestApi
}

func newApp(stage awscdk.Stage, m *municipality.Municipality, data *Data, functions string) *App {
	a := &App{
		m: m, data: data, code: filepath.Clean(functions),
		functions: map[string]awslambda.Function{}, logs: map[string]awslogs.LogGroup{},
		stack: awscdk.NewStack(stage, jsii.String("app"), &awscdk.StackProps{
			StackName:   jsii.String(m.ID + "-app"),
			Description: jsii.String("Voordeur, " + m.Name + ": what can be made again"),
		}),
	}
	a.operationsKey()
	a.topic()
	a.deadLetters()
	a.mail()
	for _, f := range a.allFunctions() {
		a.function(f)
	}
	a.apis()
	a.webACL()
	a.wakeUps()
	a.watches()
	a.dashboard(a.alarms())
	a.budget()
	return a
}
