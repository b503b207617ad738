package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
)

// rename gives a construct's resource the logical id that it keeps.
func rename(c constructs.IConstruct, id string) {
	c.Node().DefaultChild().(awscdk.CfnElement).OverrideLogicalId(&id)
}
