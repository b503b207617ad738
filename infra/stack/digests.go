package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
)

// digestsLocked is five years, in days: what NEN 7513 asks of a record of who saw what. Histories are kept longer, and need
// no longer lock: a digest that is older is held by the chain of those that are still locked.
const digestsLocked = 1827

// digestBucket keeps each day's digest (T15). The lock is in compliance mode: nobody shortens it or removes a digest
// before its time, an administrator of the account no more than AWS. In governance mode an administrator could, who is
// the very one that the digests are to show.
func (d *Data) digestBucket() {
	d.digests = awss3.NewBucket(d.stack, jsii.String("DigestBucket"), &awss3.BucketProps{
		BucketName:        jsii.String(name(d.m, "digests") + "-" + d.m.Deployment.Account), // unique in the world
		ObjectLockEnabled: jsii.Bool(true), ObjectLockDefaultRetention: awss3.ObjectLockRetention_Compliance(awscdk.Duration_Days(jsii.Number(digestsLocked))),
		Encryption: awss3.BucketEncryption_KMS, EncryptionKey: d.tableKey, BucketKeyEnabled: jsii.Bool(true),
		EnforceSSL: jsii.Bool(true), MinimumTLSVersion: jsii.Number(1.2), Versioned: jsii.Bool(true),
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(), ObjectOwnership: awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		RemovalPolicy: awscdk.RemovalPolicy_RETAIN,
	})
	rename(d.digests, "DigestBucket")
}
