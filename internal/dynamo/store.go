package dynamo

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
)

// Store is one municipality's two tables.
type Store struct {
	Client *dynamodb.Client
	Cases  string // name of the case table
	Short  string // name of the short-lived table
}

// get reads one item, consistently; casework.ErrNotFound when it is not there. attributes, when there are any, are all
// that is read besides key and shape.
func get[T any](ctx context.Context, s *Store, table string, k Key, attributes ...string) (T, error) {
	var none T
	in := &dynamodb.GetItemInput{TableName: &table, Key: k.item(), ConsistentRead: aws.Bool(true)}
	if len(attributes) > 0 {
		attributes = append([]string{"PK", "SK", shapeAttribute}, attributes...)
		in.ProjectionExpression, in.ExpressionAttributeNames = projection(attributes)
	}
	out, err := s.Client.GetItem(ctx, in)
	if err != nil {
		return none, fmt.Errorf("get item: %w", err)
	}
	if len(out.Item) == 0 {
		return none, casework.ErrNotFound
	}
	return decode[T](out.Item)
}

// query reads all items of a partition, consistently, in key order. attributes, when there are any, are all that is read
// besides key and shape.
func (s *Store) query(ctx context.Context, pk string, attributes ...string) ([]item, error) {
	in := &dynamodb.QueryInput{
		TableName:                 &s.Cases,
		KeyConditionExpression:    aws.String("PK = :pk"),
		ExpressionAttributeValues: item{":pk": str(pk)},
		ConsistentRead:            aws.Bool(true),
	}
	if len(attributes) > 0 {
		in.Select = types.SelectSpecificAttributes
		in.ProjectionExpression, in.ExpressionAttributeNames = projection(append([]string{"PK", "SK", shapeAttribute}, attributes...))
	}
	var items []item
	pages := dynamodb.NewQueryPaginator(s.Client, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("query: %w", err)
		}
		items = append(items, page.Items...)
	}
	return items, nil
}

// find reads keys from an index: candidates, no more. until, when not empty, is the highest sort key.
func (s *Store) find(ctx context.Context, ix Index, pk, until string, limit int32) ([]Key, error) {
	in := &dynamodb.QueryInput{
		TableName:                 &s.Cases,
		IndexName:                 aws.String(ix.Name),
		KeyConditionExpression:    aws.String("#pk = :pk"),
		ExpressionAttributeNames:  map[string]string{"#pk": ix.PK},
		ExpressionAttributeValues: item{":pk": str(pk)},
		Limit:                     aws.Int32(limit),
	}
	if until != "" {
		in.KeyConditionExpression = aws.String("#pk = :pk AND #sk <= :until")
		in.ExpressionAttributeNames["#sk"] = ix.SK
		in.ExpressionAttributeValues[":until"] = str(until)
	}
	out, err := s.Client.Query(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("query index %s: %w", ix.Name, err)
	}
	keys := make([]Key, 0, len(out.Items))
	for _, it := range out.Items {
		k, err := decode[Key](it)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// put stores a whole row under a condition; when it fails, the row that is there comes back with
// casework.ErrConflict.
func (s *Store) put(ctx context.Context, table string, row any, condition string, values item) (held item, err error) {
	it, err := encode(row)
	if err != nil {
		return nil, err
	}
	_, err = s.Client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &table, Item: it, ConditionExpression: &condition, ExpressionAttributeValues: values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return failed.Item, casework.ErrConflict
	}
	if err != nil {
		return nil, fmt.Errorf("put item: %w", err)
	}
	return nil, nil
}

func projection(attributes []string) (*string, map[string]string) {
	names := map[string]string{}
	var expression string
	for i, a := range attributes {
		name := fmt.Sprintf("#a%d", i)
		names[name] = a
		if i > 0 {
			expression += ", "
		}
		expression += name
	}
	return &expression, names
}

const (
	absent  = "attribute_not_exists(PK)"
	present = "attribute_exists(PK)"
)

func str(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }

func num(v int) types.AttributeValue { return &types.AttributeValueMemberN{Value: fmt.Sprint(v)} }
