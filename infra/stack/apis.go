package stack

import (
	"html"
	"maps"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"voordeur/internal/municipality"
)

// What each API takes, all visitors together. A full office at work makes some five requests a second; what is above is a
// flood, and dispatch does not suffer from it.
const (
	requestsPerSecond = 50
	requestsAtOnce    = 100
)

// apis puts two APIs in front of the functions, each with a host of its own, so that no public page ever receives a
// worker's cookie.
func (a *App) apis() {
	logging := a.allowAccessLogs()
	hosts := a.m.Deployment.Hosts

	a.public = a.api("public", hosts.Public, logging)
	pages := integration(a.functions["frontdoor"])
	a.public.Root().AddMethod(jsii.String("ANY"), pages, nil)
	a.public.Root().AddProxy(&awsapigateway.ProxyResourceOptions{DefaultIntegration: pages})

	a.desk = a.api("desk", hosts.Desk, logging)
	for _, part := range []string{"desk", "api"} { // a path and a function each
		to := integration(a.functions[part])
		below := a.desk.Root().AddResource(jsii.String(part), nil)
		below.AddMethod(jsii.String("ANY"), to, nil)
		below.AddProxy(&awsapigateway.ProxyResourceOptions{DefaultIntegration: to})
	}
	// Who types the host alone, or anything else that is not there, means the desk.
	a.desk.AddGatewayResponse(jsii.String("elsewhere"), &awsapigateway.GatewayResponseOptions{
		Type: awsapigateway.ResponseType_MISSING_AUTHENTICATION_TOKEN(), StatusCode: jsii.String("302"),
		ResponseHeaders: ownHeaders(map[string]*string{"Location": jsii.String("'/desk/'")}),
	})
}

// api makes a regional API for a host. Every media type is binary, see lambdahttp. AWS's own address for it is off: there
// is one way in, through the web ACL.
func (a *App) api(id, host string, logging awscdk.CfnResource) awsapigateway.RestApi {
	api := awsapigateway.NewRestApi(a.stack, jsii.String("api-"+id), &awsapigateway.RestApiProps{
		RestApiName: jsii.String(name(a.m, id)), BinaryMediaTypes: jsii.Strings("*/*"),
		EndpointConfiguration:     &awsapigateway.EndpointConfiguration{Types: &[]awsapigateway.EndpointType{awsapigateway.EndpointType_REGIONAL}},
		DisableExecuteApiEndpoint: jsii.Bool(true), CloudWatchRole: jsii.Bool(false),
		DomainName: &awsapigateway.DomainNameOptions{
			DomainName: jsii.String(host), Certificate: a.certificate(id, host),
			SecurityPolicy: awsapigateway.SecurityPolicy_TLS_1_2, EndpointType: awsapigateway.EndpointType_REGIONAL,
		},
		DeployOptions: &awsapigateway.StageOptions{
			StageName:            jsii.String("live"),
			ThrottlingRateLimit:  jsii.Number(requestsPerSecond),
			ThrottlingBurstLimit: jsii.Number(requestsAtOnce),
			AccessLogDestination: awsapigateway.NewLogGroupLogDestination(a.logGroup(id + "-access")),
			AccessLogFormat:      awsapigateway.AccessLogFormat_Custom(jsii.String(accessLine)),
		},
	})
	api.Node().TryRemoveChild(jsii.String("Endpoint")) // an output of the address that is off
	api.DeploymentStage().Node().AddDependency(logging)
	for _, kind := range []awsapigateway.ResponseType{awsapigateway.ResponseType_DEFAULT_4XX(), awsapigateway.ResponseType_DEFAULT_5XX()} {
		api.AddGatewayResponse(kind.ResponseType(), &awsapigateway.GatewayResponseOptions{
			Type: kind, Templates: &map[string]*string{"text/html": jsii.String(outOfOrder(a.m))},
			ResponseHeaders: ownHeaders(nil),
		})
	}
	a.address(id, host, api.DomainName())
	return api
}

// ownHeaders adds what goes with every answer of API Gateway's own.
func ownHeaders(more map[string]*string) *map[string]*string {
	all := map[string]*string{
		"Cache-Control":             jsii.String("'no-store'"),
		"Strict-Transport-Security": jsii.String("'max-age=63072000; includeSubDomains'"),
		"X-Content-Type-Options":    jsii.String("'nosniff'"),
	}
	maps.Copy(all, more)
	return &all
}

// accessLine is what is written down of a request: the route's key, never the path, the query or the visitor's address.
const accessLine = `{"request":"$context.requestId","time":"$context.requestTimeEpoch","method":"$context.httpMethod",` +
	`"route":"$context.resourcePath","status":$context.status,"milliseconds":"$context.responseLatency",` +
	`"function":"$context.integrationLatency","error":"$context.error.responseType","waf":"$context.waf.status"}`

// outOfOrder is the page for when API Gateway itself answers: a flood, or a function that does not.
func outOfOrder(m *municipality.Municipality) string {
	team, danger := m.Numbers.Team, m.Numbers.Emergency
	return `<!doctype html><html lang="nl"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>` +
		html.EscapeString(m.Service) + `</title><h1>Dit lukt nu even niet</h1><p>Er ging iets mis bij ons.</p><p>Probeer het over een paar minuten nog eens.</p><p>Of bel ` +
		html.EscapeString(team.Name) + `: ` + html.EscapeString(team.Number) + `.</p><p>Is er nu gevaar? Bel ` + html.EscapeString(danger.Number) + `.</p></html>`
}

// integration hands requests as they are to a function.
func integration(f awslambda.Function) awsapigateway.Integration {
	return awsapigateway.NewLambdaIntegration(f, &awsapigateway.LambdaIntegrationOptions{AllowTestInvoke: jsii.Bool(false)})
}

// certificate is renewed by AWS for as long as its record stands in the DNS. Without a zone of ours the deployment waits
// until somebody has added the record that the console shows.
func (a *App) certificate(id, host string) awscertificatemanager.ICertificate {
	validation := &awscertificatemanager.CfnCertificate_DomainValidationOptionProperty{
		DomainName: jsii.String(host), ValidationDomain: jsii.String(host),
	}
	if zone := a.m.Deployment.Zone; zone != "" {
		validation.ValidationDomain, validation.HostedZoneId = nil, jsii.String(zone)
	}
	c := awscertificatemanager.NewCfnCertificate(a.stack, jsii.String("certificate-"+id), &awscertificatemanager.CfnCertificateProps{
		DomainName: jsii.String(host), ValidationMethod: jsii.String("DNS"), DomainValidationOptions: []any{validation},
	})
	return awscertificatemanager.Certificate_FromCertificateArn(a.stack, jsii.String("issued-"+id), c.Ref())
}

// allowAccessLogs lets API Gateway write logs in this account and region, which it asks for once.
func (a *App) allowAccessLogs() awscdk.CfnResource {
	role := awsiam.NewRole(a.stack, jsii.String("role-access-logs"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("apigateway.amazonaws.com"), nil),
		ManagedPolicies: &[]awsiam.IManagedPolicy{
			awsiam.ManagedPolicy_FromAwsManagedPolicyName(jsii.String("service-role/AmazonAPIGatewayPushToCloudWatchLogs")),
		},
	})
	account := awsapigateway.NewCfnAccount(a.stack, jsii.String("AccessLogs"), &awsapigateway.CfnAccountProps{CloudWatchRoleArn: role.RoleArn()})
	role.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN) // another stack of the account may count on it
	keep(account)
	return account
}

// address points the host at its API.
func (a *App) address(id, host string, domain awsapigateway.DomainName) {
	zone := a.m.Deployment.Zone
	if zone == "" {
		records(a.stack, "", []record{{"Host-" + id, "CNAME", host, domain.DomainNameAliasDomainName()}})
		return
	}
	addAlias(a.stack, "Host-"+id, zone, host, domain)
}
