package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsbudgets"
	"github.com/aws/jsii-runtime-go"
)

// budget warns when the month has cost what it may, or is going to. AWS counts in dollars: one euro is taken as one
// dollar, and since a euro has long been worth more, the warning comes early and never late.
func (a *App) budget() {
	subscriber := []any{&awsbudgets.CfnBudget_SubscriberProperty{SubscriptionType: jsii.String("SNS"), Address: a.alarmsTo.TopicArn()}}
	var warnings []any
	for _, kind := range []string{"ACTUAL", "FORECASTED"} {
		warnings = append(warnings, &awsbudgets.CfnBudget_NotificationWithSubscribersProperty{
			Notification: &awsbudgets.CfnBudget_NotificationProperty{
				NotificationType: jsii.String(kind), ComparisonOperator: jsii.String("GREATER_THAN"),
				Threshold: jsii.Number(100), ThresholdType: jsii.String("PERCENTAGE"),
			},
			Subscribers: subscriber,
		})
	}
	awsbudgets.NewCfnBudget(a.stack, jsii.String("Budget"), &awsbudgets.CfnBudgetProps{
		Budget: &awsbudgets.CfnBudget_BudgetDataProperty{
			BudgetName: jsii.String(name(a.m, "budget-passed")), BudgetType: jsii.String("COST"), TimeUnit: jsii.String("MONTHLY"),
			BudgetLimit: &awsbudgets.CfnBudget_SpendProperty{Amount: jsii.Number(float64(a.m.Deployment.BudgetEUR)), Unit: jsii.String("USD")},
		},
		NotificationsWithSubscribers: warnings,
	})
}
