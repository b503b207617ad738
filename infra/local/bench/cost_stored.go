package main

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
)

// mostABatch is how many items DynamoDB takes in one batch.
const mostABatch = 25

// fill stores a case's rows again under n other references, each with a lead elsewhere, so that the table is as full as
// it would be and nobody in the town has more to do.
func (t *town) fill(ctx context.Context, like casework.Reference, n int) error {
	rows, err := t.rowsOf(ctx, like)
	if err != nil {
		return err
	}
	var batch []types.WriteRequest
	send := func() error {
		for len(batch) > 0 {
			out, err := t.Store.Client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
				RequestItems: map[string][]types.WriteRequest{caseTable: batch},
			})
			if err != nil {
				return fmt.Errorf("fill the table: %w", err)
			}
			batch = out.UnprocessedItems[caseTable]
		}
		return nil
	}
	for i := range n {
		ref := casework.NewSecret().Reference(0)
		for _, row := range rows {
			batch = append(batch, types.WriteRequest{PutRequest: &types.PutRequest{Item: copied(row, like, ref, i)}})
			if len(batch) == mostABatch {
				if err := send(); err != nil {
					return err
				}
			}
		}
	}
	return send()
}

// rowsOf returns the rows of a case and its report.
func (t *town) rowsOf(ctx context.Context, ref casework.Reference) ([]map[string]types.AttributeValue, error) {
	var rows []map[string]types.AttributeValue
	for _, pk := range []string{"REPORT#" + string(ref), "CASE#" + string(ref)} {
		out, err := t.Store.Client.Query(ctx, &dynamodb.QueryInput{
			TableName: aws.String(caseTable), KeyConditionExpression: aws.String("PK = :pk"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: pk}},
		})
		if err != nil {
			return nil, fmt.Errorf("read case %s: %w", ref, err)
		}
		rows = append(rows, out.Items...)
	}
	return rows, nil
}

// copied is a row of one case as a row of another.
func copied(row map[string]types.AttributeValue, from, to casework.Reference, n int) map[string]types.AttributeValue {
	other := maps.Clone(row)
	if pk, ok := row["PK"].(*types.AttributeValueMemberS); ok {
		other["PK"] = &types.AttributeValueMemberS{Value: strings.Replace(pk.Value, string(from), string(to), 1)}
	}
	if _, listed := row["lead"]; listed {
		other["lead"] = &types.AttributeValueMemberS{Value: fmt.Sprintf("elders-%d", n%100)}
	}
	return other
}
