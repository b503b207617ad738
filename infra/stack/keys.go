package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"voordeur/internal/municipality"
)

// keys makes the two keys. A key's policy is the root of every right on it: what it does not give, no other policy in
// the account can, an administrator's included. In it, the resource "*" is the key itself.
func (d *Data) keys() {
	// The key of the tables, their backups and the digests: used by these services for whoever may use what lies in them,
	// by nobody directly.
	d.tableKey = key(d.stack, "TableKey", "Tables of "+d.m.Name+", their backups and digests", awscdk.RemovalPolicy_RETAIN,
		administers(d.m), throughService(d.m, "dynamodb", "backup", "s3"))

	// The envelopes' key: opened by desk and dispatch alone. Their roles' own policies say for which purposes; see
	// package rights. Whoever makes key pairs encrypts, and cannot read back what he made (infra/keys).
	d.envelopeKey = key(d.stack, "EnvelopeKey", "Private halves of the key pairs of "+d.m.Name, awscdk.RemovalPolicy_RETAIN,
		administers(d.m, "kms:Encrypt"),
		statement([]string{"kms:Decrypt"}, account(d.m), map[string]any{
			"ArnEquals": map[string]any{"aws:PrincipalArn": []string{roleARN(d.m, "desk"), roleARN(d.m, "dispatch")}},
		}))
	alias := awskms.NewCfnAlias(d.stack, jsii.String("EnvelopeKeyAlias"), &awskms.CfnAliasProps{
		AliasName: jsii.String("alias/" + name(d.m, "envelopes")), TargetKeyId: d.envelopeKey.KeyArn(),
	})
	keep(alias)
	output(d.stack, "EnvelopeKeyArn", "KMS_KEY of infra/keys", d.envelopeKey.KeyArn())
}

// key makes a key that AWS rotates yearly, with exactly these statements as its policy.
func key(stack awscdk.Stack, id, means string, removal awscdk.RemovalPolicy, statements ...awsiam.PolicyStatement) awskms.Key {
	k := awskms.NewKey(stack, jsii.String(id), &awskms.KeyProps{
		Description: jsii.String(means), EnableKeyRotation: jsii.Bool(true), RemovalPolicy: removal,
		PendingWindow: awscdk.Duration_Days(jsii.Number(30)),
		Policy:        awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &statements}),
	})
	rename(k, id)
	return k
}

// administers lets the account's administrators keep the key, by policies of their own, without using it; more adds
// actions.
func administers(m *municipality.Municipality, more ...string) awsiam.PolicyStatement {
	return statement(append([]string{
		"kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey", "kms:EnableKey",
		"kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListKeyPolicies",
		"kms:ListKeyRotations", "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:ScheduleKeyDeletion",
		"kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
	}, more...), account(m), nil)
}

// throughService lets services use the key for whoever may use what lies in them, as AWS's own keys do.
func throughService(m *municipality.Municipality, services ...string) awsiam.PolicyStatement {
	through := make([]string, len(services))
	for i, s := range services {
		through[i] = s + "." + m.Deployment.Region + ".amazonaws.com"
	}
	return statement(
		[]string{
			"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
			"kms:ReEncryptFrom", "kms:ReEncryptTo",
		},
		awsiam.NewAnyPrincipal(), map[string]any{"StringEquals": map[string]any{
			"kms:CallerAccount": m.Deployment.Account, "kms:ViaService": through,
		}})
}

// account stands for whoever in the account a policy of his own allows it.
func account(m *municipality.Municipality) awsiam.IPrincipal {
	return awsiam.NewAccountPrincipal(m.Deployment.Account)
}

// statement allows actions on the resource that the policy belongs to.
func statement(actions []string, to awsiam.IPrincipal, conditions map[string]any) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions: jsii.Strings(actions...), Principals: &[]awsiam.IPrincipal{to}, Resources: jsii.Strings("*"), Conditions: &conditions,
	})
}
