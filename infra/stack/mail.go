package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/jsii-runtime-go"
)

// mail makes the configuration set: TLS or no mail at all, no tracking. An address
// that bounced is not tried again, which SES tells as a bounce.
func (a *App) mail() {
	a.configurationSet = awsses.NewCfnConfigurationSet(a.stack, jsii.String("ConfigurationSet"), &awsses.CfnConfigurationSetProps{
		Name:               jsii.String(a.m.ID),
		DeliveryOptions:    &awsses.CfnConfigurationSet_DeliveryOptionsProperty{TlsPolicy: jsii.String("REQUIRE")},
		ReputationOptions:  &awsses.CfnConfigurationSet_ReputationOptionsProperty{ReputationMetricsEnabled: jsii.Bool(true)},
		SendingOptions:     &awsses.CfnConfigurationSet_SendingOptionsProperty{SendingEnabled: jsii.Bool(true)},
		SuppressionOptions: &awsses.CfnConfigurationSet_SuppressionOptionsProperty{SuppressedReasons: jsii.Strings("BOUNCE", "COMPLAINT")},
	})
	awsses.NewCfnConfigurationSetEventDestination(a.stack, jsii.String("MailEvents"), &awsses.CfnConfigurationSetEventDestinationProps{
		ConfigurationSetName: a.configurationSet.Ref(),
		EventDestination: &awsses.CfnConfigurationSetEventDestination_EventDestinationProperty{
			Name: jsii.String("dispatch"), Enabled: jsii.Bool(true), MatchingEventTypes: jsii.Strings(mailEvents()...),
			EventBridgeDestination: &awsses.CfnConfigurationSetEventDestination_EventBridgeDestinationProperty{
				EventBusArn: jsii.String(arn(a.m, "events", "event-bus/default")),
			},
		},
	})
}

// mailEvents is what SES tells dispatch about a mail. Dispatch writes down the first three; the others should never be,
// and become dead letters for a person to look at. That a delivery is delayed is no outcome: SES tries on, and one of
// these follows.
func mailEvents() []string {
	return []string{"DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE"}
}
