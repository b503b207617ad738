package dynamo

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// shapeAttribute says in which shape a row of the case table was written: a small number, by kind of row. A row that
// says none is of release 0.1 or 0.2: shape 0.
const shapeAttribute = "shape"

// newestShape is the shape in which this code writes a kind of row. Every older one is read, whatever release wrote it;
// a newer one is refused, since code that was rolled back would misread it. It is 0 for rows that say none: those of the
// short-lived table, which are gone within days.
//
// An attribute that is new and may be absent changes no shape. What an older shape had, and what is read from it:
//
//	REPORT 1, 0  case and moment of sending, once more in the routing envelope
//	LINK   0  public_key, which its view is sealed to
//	EVENT  0  detail, in which release 0.1 kept reason and decision in one envelope
//
// The rows' own types read them. See .github/decisions/0010-a-row-says-its-shape.md before making a new one.
func newestShape(kind string) int {
	switch kind {
	case "REPORT":
		return 2
	case "CONTENT", "LINK", "IDEMPOTENCY", "CASE", "EVENT", "MESSAGE", "LOOK", "LIST", "HANDOFF", "FILE", "MATCH", "WORKER", "ROSTER",
		"ORGANISATION", "SUBJECT", "AUDIT", "KEY", "SMOKETEST", "SERVERSECRET", "FORM", "WORK",
		"HASH", "DIGEST", "READ", "OUTSIDE", "GLASS", "SWEEP", "LOADS", "DESTROYED":
		return 1
	}
	return 0
}

// encode writes a row, which says its shape.
func encode(row any) (item, error) {
	it, err := attributevalue.MarshalMap(row)
	if err != nil {
		return nil, fmt.Errorf("encode row: %w", err)
	}
	if shape := newestShape(keyOf(it).kind()); shape > 0 {
		it[shapeAttribute] = num(shape)
	}
	return it, nil
}

// decode reads a row of this shape or an older one.
func decode[T any](it item) (T, error) {
	var row T
	var shape int
	if err := attributevalue.Unmarshal(it[shapeAttribute], &shape); err != nil {
		return row, fmt.Errorf("decode row: %w", err)
	}
	kind := keyOf(it).kind()
	if newest := newestShape(kind); shape > newest {
		return row, fmt.Errorf("decode row: %s has shape %d, this release reads %d at most", kind, shape, newest)
	}
	if err := attributevalue.UnmarshalMap(it, &row); err != nil {
		return row, fmt.Errorf("decode row: %w", err)
	}
	return row, nil
}

// keyOf reads the key of a row; one of a table always has it.
func keyOf(it item) Key {
	pk, _ := it["PK"].(*types.AttributeValueMemberS)
	sk, _ := it["SK"].(*types.AttributeValueMemberS)
	if pk == nil || sk == nil {
		return Key{}
	}
	return Key{PK: pk.Value, SK: sk.Value}
}
