package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsbackup"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudtrail"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
)

// backups keeps a nightly copy of the case table for 35 days in a vault in the same region. Three days after it was
// made its lock closes: from then on nobody, AWS included, removes a copy before its time, nor keeps one longer.
func (d *Data) backups() {
	d.vault = awsbackup.NewCfnBackupVault(d.stack, jsii.String("BackupVault"), &awsbackup.CfnBackupVaultProps{
		BackupVaultName: jsii.String(name(d.m, "backups")), EncryptionKeyArn: d.tableKey.KeyArn(),
		LockConfiguration: &awsbackup.CfnBackupVault_LockConfigurationTypeProperty{
			MinRetentionDays: jsii.Number(keepDays), MaxRetentionDays: jsii.Number(keepDays), ChangeableForDays: jsii.Number(3),
		},
	})
	keep(d.vault)
	plan := awsbackup.NewCfnBackupPlan(d.stack, jsii.String("BackupPlan"), &awsbackup.CfnBackupPlanProps{
		BackupPlan: &awsbackup.CfnBackupPlan_BackupPlanResourceTypeProperty{
			BackupPlanName: jsii.String(name(d.m, "nightly")),
			BackupPlanRule: []any{&awsbackup.CfnBackupPlan_BackupRuleResourceTypeProperty{
				RuleName: jsii.String("nightly"), TargetBackupVault: d.vault.Ref(),
				ScheduleExpression: jsii.String("cron(0 1 * * ? *)"), ScheduleExpressionTimezone: jsii.String("Europe/Amsterdam"),
				StartWindowMinutes: jsii.Number(60), CompletionWindowMinutes: jsii.Number(240),
				Lifecycle: &awsbackup.CfnBackupPlan_LifecycleResourceTypeProperty{DeleteAfterDays: jsii.Number(keepDays)},
			}},
		},
	})
	awsbackup.NewCfnBackupSelection(d.stack, jsii.String("BackupSelection"), &awsbackup.CfnBackupSelectionProps{
		BackupPlanId: plan.Ref(),
		BackupSelection: &awsbackup.CfnBackupSelection_BackupSelectionResourceTypeProperty{
			SelectionName: jsii.String("case-table"), IamRoleArn: d.backupRole().RoleArn(), Resources: &[]*string{d.cases.AttrArn()},
		},
	})
}

// backupRole may copy the case table into the vault, and cannot restore: that is a person's act.
func (d *Data) backupRole() awsiam.Role {
	table := *d.cases.AttrArn()
	return awsiam.NewRole(d.stack, jsii.String("BackupRole"), &awsiam.RoleProps{
		RoleName: jsii.String(name(d.m, "backup")), AssumedBy: awsiam.NewServicePrincipal(jsii.String("backup.amazonaws.com"), nil),
		InlinePolicies: &map[string]awsiam.PolicyDocument{"rights": policy(
			allow([]string{"dynamodb:CreateBackup", "dynamodb:DescribeTable", "dynamodb:ListTagsOfResource", "dynamodb:StartAwsBackupJob"}, table, nil),
			allow([]string{"dynamodb:DeleteBackup", "dynamodb:DescribeBackup"}, table+"/backup/*", nil),
			allow([]string{"backup:TagResource"}, d.recoveryPoints(), nil), // a copy inherits the table's tags
			allow([]string{"backup:CopyIntoBackupVault", "backup:DescribeBackupVault"}, *d.vault.AttrBackupVaultArn(), nil),
		)},
	})
}

// recoveryPoints is every copy that AWS Backup keeps, which it names itself.
func (d *Data) recoveryPoints() string { return arn(d.m, "backup", "recovery-point:*") }

// trail records who did what in the account. The alarm on a use of the envelopes' key by anybody else hears of it this
// way.
func (d *Data) trail() {
	bucket := awss3.NewBucket(d.stack, jsii.String("TrailBucket"), &awss3.BucketProps{
		BucketName: jsii.String(name(d.m, "trail-"+d.m.Deployment.Account)), // unique in the world
		Encryption: awss3.BucketEncryption_S3_MANAGED, EnforceSSL: jsii.Bool(true), MinimumTLSVersion: jsii.Number(1.2),
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(), Versioned: jsii.Bool(true), RemovalPolicy: awscdk.RemovalPolicy_RETAIN,
		LifecycleRules: &[]*awss3.LifecycleRule{{
			Expiration: awscdk.Duration_Days(jsii.Number(365)), NoncurrentVersionExpiration: awscdk.Duration_Days(jsii.Number(1)),
		}},
	})
	rename(bucket, "TrailBucket")
	t := awscloudtrail.NewTrail(d.stack, jsii.String("Trail"), &awscloudtrail.TrailProps{
		TrailName: jsii.String(name(d.m, "trail")), Bucket: bucket, EnableFileValidation: jsii.Bool(true),
		ManagementEvents: awscloudtrail.ReadWriteType_ALL, IsMultiRegionTrail: jsii.Bool(false), IncludeGlobalServiceEvents: jsii.Bool(false),
	})
	rename(t, "Trail")
}
