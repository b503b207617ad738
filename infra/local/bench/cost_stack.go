package main

import "voordeur/infra/stack/template"

// The templates of the example municipality, as the stack's own tests keep them.
const (
	templates = "infra/stack/testdata"
	townID    = "waterstad"
)

// standingIn counts what of a municipality's stacks has a price by the month, with the hosted zone that the municipality
// brings.
func standingIn(s template.Stage) bill {
	all := bill{"hosted_zones": 1}
	for _, stack := range []template.Template{s.Data, s.App} {
		for _, r := range stack.Resources {
			all = all.and(standing(r))
		}
	}
	return all
}

// standing is what a resource takes for as long as it is there: for most, nothing.
func standing(r template.Resource) bill {
	switch r.Type {
	case "AWS::WAFv2::WebACL":
		rules, _ := r.Properties["Rules"].([]any)
		return bill{"web_acls": 1, "web_acl_rules": float64(len(rules))}
	case "AWS::KMS::Key":
		return bill{"keys": 1}
	case "AWS::CloudWatch::Dashboard":
		return bill{"dashboards": 1}
	case "AWS::Logs::MetricFilter":
		made, _ := r.Properties["MetricTransformations"].([]any)
		return bill{"custom_metrics": float64(len(made))}
	case "AWS::CloudWatch::Alarm":
		metrics, _ := r.Properties["Metrics"].([]any) // absent when it watches one
		watched := 0
		for _, m := range metrics {
			if m, _ := m.(map[string]any); m["MetricStat"] != nil { // an expression over the others has none
				watched++
			}
		}
		return bill{"alarm_metrics": float64(max(1, watched))}
	}
	return bill{}
}
