package stack

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsbackup"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"voordeur/internal/municipality"
)

// Data is the stack of what must not be lost. It cannot be deleted by accident, nor can anything in it: a resource that
// leaves the template stays in the account. Logical ids here never change; a test holds them.
type Data struct {
	stack awscdk.Stack
	m     *municipality.Municipality

	tableKey, envelopeKey awskms.Key
	cases, short          awsdynamodb.CfnTable
	vault                 awsbackup.CfnBackupVault
	digests               awss3.Bucket
	signIn                signIn
}

// signIn is what the functions know of the OpenID provider.
type signIn struct {
	issuer, client *string
	apiClients     *string // ids with spaces between
}

func newData(stage awscdk.Stage, m *municipality.Municipality) *Data {
	d := &Data{m: m, stack: awscdk.NewStack(stage, jsii.String("data"), &awscdk.StackProps{
		StackName:             jsii.String(m.ID + "-data"),
		Description:           jsii.String("Voordeur, " + m.Name + ": what must not be lost"),
		TerminationProtection: jsii.Bool(true),
	})}
	d.keys()
	d.tables()
	d.backups()
	d.digestBucket()
	d.trail()
	d.identity()
	if own := m.Deployment.SignIn; own != nil {
		d.provider(*own)
	} else {
		d.userPool()
	}
	return d
}

// name is the physical name of one of the municipality's things: "waterlaan-cases". A name that is fixed keeps AWS from
// quietly putting an empty thing in the place of a full one.
func name(m *municipality.Municipality, part string) string { return m.ID + "-" + part }

// arn names something in the municipality's account and region: arn(m, "events", "event-bus/default").
func arn(m *municipality.Municipality, service, resource string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, m.Deployment.Region, m.Deployment.Account, resource)
}

// roleARN names a function's role, which has no region.
func roleARN(m *municipality.Municipality, function string) string {
	return fmt.Sprintf("arn:aws:iam::%s:role/%s", m.Deployment.Account, name(m, function))
}

// keep makes a resource stay when it leaves the template or is replaced in it.
func keep(resource awscdk.CfnResource) {
	resource.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN, nil)
}

// output shows a value to the operator after a deployment.
func output(stack awscdk.Stack, id, means string, value *string) {
	awscdk.NewCfnOutput(stack, jsii.String(id), &awscdk.CfnOutputProps{Description: jsii.String(means), Value: value})
}
