package stack

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/jsii-runtime-go"
)

// record is a DNS record.
type record struct {
	id, kind, host string
	value          *string
}

// identity makes the sender: mails are signed with DKIM and leave under a MAIL FROM of the same domain, so that SPF and
// DMARC both hold. It stands among what must not be lost, since a new one would want new DNS records.
func (d *Data) identity() {
	domain := d.m.Sender.Domain()
	from := mailFrom(domain)
	sender := awsses.NewCfnEmailIdentity(d.stack, jsii.String("Sender"), &awsses.CfnEmailIdentityProps{
		EmailIdentity:  jsii.String(domain),
		DkimAttributes: &awsses.CfnEmailIdentity_DkimAttributesProperty{SigningEnabled: jsii.Bool(true)},
		DkimSigningAttributes: &awsses.CfnEmailIdentity_DkimSigningAttributesProperty{
			NextSigningKeyLength: jsii.String("RSA_2048_BIT"),
		},
		MailFromAttributes: &awsses.CfnEmailIdentity_MailFromAttributesProperty{
			MailFromDomain: jsii.String(from), BehaviorOnMxFailure: jsii.String("REJECT_MESSAGE"), // never fall back on a domain of AWS
		},
		FeedbackAttributes: &awsses.CfnEmailIdentity_FeedbackAttributesProperty{EmailForwardingEnabled: jsii.Bool(false)}, // events tell it
	})
	keep(sender)
	records(d.stack, d.m.Deployment.Zone, []record{
		{"Dkim1", "CNAME", *sender.AttrDkimDnsTokenName1(), sender.AttrDkimDnsTokenValue1()},
		{"Dkim2", "CNAME", *sender.AttrDkimDnsTokenName2(), sender.AttrDkimDnsTokenValue2()},
		{"Dkim3", "CNAME", *sender.AttrDkimDnsTokenName3(), sender.AttrDkimDnsTokenValue3()},
		{"MailFrom", "MX", from, jsii.String(fmt.Sprintf("10 feedback-smtp.%s.amazonses.com", d.m.Deployment.Region))},
		{"Spf", "TXT", from, jsii.String(`"v=spf1 include:amazonses.com -all"`)},
		{"Dmarc", "TXT", "_dmarc." + domain, jsii.String(`"v=DMARC1; p=reject"`)},
	})
}

// mailFrom is the domain that bounces of mails from a domain go to.
func mailFrom(domain string) string { return "mail." + domain }

// records adds DNS records to the zone; without one it shows what whoever keeps the DNS must add.
func records(stack awscdk.Stack, zone string, all []record) {
	for _, r := range all {
		if zone == "" {
			output(stack, "Dns"+r.id, "DNS record to add", awscdk.Fn_Join(jsii.String(" "), &[]*string{jsii.String(r.host), jsii.String(r.kind), r.value}))
			continue
		}
		awsroute53.NewCfnRecordSet(stack, jsii.String("Dns"+r.id), &awsroute53.CfnRecordSetProps{
			HostedZoneId: jsii.String(zone), Name: jsii.String(r.host), Type: jsii.String(r.kind),
			Ttl: jsii.String("300"), ResourceRecords: &[]*string{r.value},
		})
	}
}

// addAlias points a host of the zone at an API's domain.
func addAlias(stack awscdk.Stack, id, zone, host string, domain awsapigateway.DomainName) {
	awsroute53.NewCfnRecordSet(stack, jsii.String("Dns"+id), &awsroute53.CfnRecordSetProps{
		HostedZoneId: jsii.String(zone), Name: jsii.String(host), Type: jsii.String("A"),
		AliasTarget: &awsroute53.CfnRecordSet_AliasTargetProperty{
			DnsName: domain.DomainNameAliasDomainName(), HostedZoneId: domain.DomainNameAliasHostedZoneId(),
		},
	})
}
