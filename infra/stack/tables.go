package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/jsii-runtime-go"

	"voordeur/internal/dynamo"
)

// keepDays is how long the case table can be taken back to any second, and how long its backups are kept.
const keepDays = 35

// tables makes both tables in the shape that internal/dynamo gives them.
func (d *Data) tables() {
	d.cases = d.table("CaseTable", dynamo.CaseTable(name(d.m, "cases")))
	d.cases.SetPointInTimeRecoverySpecification(&awsdynamodb.CfnTable_PointInTimeRecoverySpecificationProperty{
		PointInTimeRecoveryEnabled: jsii.Bool(true), RecoveryPeriodInDays: jsii.Number(keepDays),
	})
	d.short = d.table("ShortTable", dynamo.ShortTable(name(d.m, "short"))) // what is gone from it is gone
}

func (d *Data) table(id string, shape *dynamodb.CreateTableInput) awsdynamodb.CfnTable {
	var attributes []any
	for _, a := range shape.AttributeDefinitions {
		attributes = append(attributes, &awsdynamodb.CfnTable_AttributeDefinitionProperty{
			AttributeName: a.AttributeName, AttributeType: jsii.String(string(a.AttributeType)),
		})
	}
	var indexes []any
	for _, ix := range shape.GlobalSecondaryIndexes {
		indexes = append(indexes, &awsdynamodb.CfnTable_GlobalSecondaryIndexProperty{
			IndexName: ix.IndexName, KeySchema: keySchema(ix.KeySchema),
			Projection: &awsdynamodb.CfnTable_ProjectionProperty{ProjectionType: jsii.String(string(ix.Projection.ProjectionType))},
		})
	}
	props := &awsdynamodb.CfnTableProps{
		TableName: shape.TableName, BillingMode: jsii.String(string(shape.BillingMode)),
		AttributeDefinitions: attributes, KeySchema: keySchema(shape.KeySchema), GlobalSecondaryIndexes: indexes,
		SseSpecification: &awsdynamodb.CfnTable_SSESpecificationProperty{
			SseEnabled: jsii.Bool(true), SseType: jsii.String("KMS"), KmsMasterKeyId: d.tableKey.KeyArn(),
		},
		TimeToLiveSpecification: &awsdynamodb.CfnTable_TimeToLiveSpecificationProperty{
			AttributeName: jsii.String(dynamo.TTL), Enabled: jsii.Bool(true),
		},
		DeletionProtectionEnabled: jsii.Bool(true),
	}
	if indexes == nil {
		props.GlobalSecondaryIndexes = nil
	}
	if s := shape.StreamSpecification; s != nil {
		props.StreamSpecification = &awsdynamodb.CfnTable_StreamSpecificationProperty{
			StreamViewType: jsii.String(string(s.StreamViewType)),
		}
	}
	t := awsdynamodb.NewCfnTable(d.stack, jsii.String(id), props)
	keep(t)
	return t
}

func keySchema(keys []types.KeySchemaElement) []any {
	var all []any
	for _, k := range keys {
		all = append(all, &awsdynamodb.CfnTable_KeySchemaProperty{
			AttributeName: k.AttributeName, KeyType: jsii.String(string(k.KeyType)),
		})
	}
	return all
}
