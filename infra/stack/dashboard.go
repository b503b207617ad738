package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawscloudwatch"
	"github.com/aws/jsii-runtime-go"
)

// dashboard is one page for whoever is woken: what rings, how people fare at the door, whether work gets done.
func (a *App) dashboard(alarms []interfacesawscloudwatch.IAlarmRef) {
	board := awscloudwatch.NewDashboard(a.stack, jsii.String("Dashboard"), &awscloudwatch.DashboardProps{
		DashboardName: jsii.String(name(a.m, "voordeur")),
	})
	board.AddWidgets(awscloudwatch.NewAlarmStatusWidget(&awscloudwatch.AlarmStatusWidgetProps{
		Title: jsii.String("Alarms"), Alarms: &alarms, Width: jsii.Number(24), Height: jsii.Number(5),
	}))
	board.AddWidgets(
		graph("Front door: requests and error pages", a.ofFrontDoor("Count", "Sum", 5), a.ofFrontDoor("5XXError", "Sum", 5)),
		graph("Front door: waiting (ms)", a.ofFrontDoor("Latency", "p50", 5), a.ofFrontDoor("Latency", "p95", 5)),
	)
	board.AddWidgets(
		graph("Late", a.own("late_reports", "Maximum", 5), a.own("late_messages", "Maximum", 5), a.own("late_cases", "Maximum", 5), a.own("late_first_looks", "Maximum", 5)),
		graph("Progress", a.own("swept", "Sum", 15), a.own("smoke_tests_passed", "Sum", 15)),
	)
}

func graph(title string, of ...awscloudwatch.IMetric) awscloudwatch.IWidget {
	return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{Title: jsii.String(title), Left: &of, Width: jsii.Number(12)})
}
