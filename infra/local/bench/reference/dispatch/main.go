// Command dispatch is what dispatch is measured against: a function that does nothing, with the same clients of the SDK.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
)

func main() {
	c, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		os.Exit(1)
	}
	clients := []any{dynamodb.NewFromConfig(c), kms.NewFromConfig(c), s3.NewFromConfig(c), sesv2.NewFromConfig(c)}
	lambda.Start(func() (int, error) { return len(clients), nil })
}
