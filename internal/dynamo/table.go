package dynamo

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Index is one of the sparse, keys-only indexes of the case table.
type Index struct{ Name, PK, SK string }

// Indexes lists the indexes of the case table.
func Indexes() []Index { return []Index{indexLead, indexTodo, indexDuty} }

//nolint:gochecknoglobals // the indexes are the table's shape, named once
var (
	indexLead = Index{"lead", "lead", "due"}
	indexTodo = Index{"todo", "todo", "at"}
	indexDuty = Index{"duty", "duty", "place"}
)

// TTL is the attribute that both tables sweep expired items by. Expiry itself is always a condition on time.
const TTL = "ttl"

// CaseTable is the shape of the case table: keys, indexes and a stream of keys.
func CaseTable(name string) *dynamodb.CreateTableInput {
	in := table(name)
	in.StreamSpecification = &types.StreamSpecification{
		StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeKeysOnly,
	}
	for _, ix := range Indexes() {
		in.AttributeDefinitions = append(in.AttributeDefinitions, text(ix.PK), text(ix.SK))
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName:  aws.String(ix.Name),
			KeySchema:  schema(ix.PK, ix.SK),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		})
	}
	return in
}

// ShortTable is the shape of the short-lived table.
func ShortTable(name string) *dynamodb.CreateTableInput { return table(name) }

func table(name string) *dynamodb.CreateTableInput {
	return &dynamodb.CreateTableInput{
		TableName:            aws.String(name),
		BillingMode:          types.BillingModePayPerRequest,
		KeySchema:            schema("PK", "SK"),
		AttributeDefinitions: []types.AttributeDefinition{text("PK"), text("SK")},
	}
}

func schema(pk, sk string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: aws.String(pk), KeyType: types.KeyTypeHash},
		{AttributeName: aws.String(sk), KeyType: types.KeyTypeRange},
	}
}

func text(name string) types.AttributeDefinition {
	return types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS}
}
