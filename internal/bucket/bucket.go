// Package bucket keeps the digests of days in S3. Its bucket is locked: what is there can be neither changed nor removed
// before its time, and a day that is there is not put a second time.
package bucket

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"voordeur/internal/casework"
)

// Folder is what the names of all digests begin with: "digests/2026-11-22.json".
const Folder = "digests/"

const ending = ".json"

// Bucket is one municipality's.
type Bucket struct {
	Client *s3.Client
	Name   string
}

// Keep keeps a day's digest. A day that has one keeps that one, and it is no error: another sweep, or this one whose
// answer was lost, was first.
func (b Bucket) Keep(ctx context.Context, day casework.Day, content []byte) error {
	sum := sha256.Sum256(content)
	_, err := b.Client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &b.Name, Key: name(day), Body: bytes.NewReader(content), ContentType: aws.String("application/json"),
		IfNoneMatch:    aws.String("*"),
		ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum[:])), // a locked bucket wants a checksum
	})
	if refused, ok := errors.AsType[smithy.APIError](err); ok && refused.ErrorCode() == "PreconditionFailed" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("put object: %w", err)
	}
	return nil
}

// Days lists the days that have a digest, the earliest first.
func (b Bucket) Days(ctx context.Context) ([]casework.Day, error) {
	var days []casework.Day
	pages := s3.NewListObjectsV2Paginator(b.Client, &s3.ListObjectsV2Input{Bucket: &b.Name, Prefix: aws.String(Folder)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list objects: %w", err)
		}
		for _, object := range page.Contents { // in the order of their names
			day, ok := strings.CutSuffix(strings.TrimPrefix(aws.ToString(object.Key), Folder), ending)
			if ok {
				days = append(days, casework.Day(day))
			}
		}
	}
	return days, nil
}

// Digest returns a day's digest as it was kept.
func (b Bucket) Digest(ctx context.Context, day casework.Day) (_ []byte, err error) {
	out, err := b.Client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.Name, Key: name(day)})
	if err != nil {
		return nil, fmt.Errorf("get object: %w", err)
	}
	defer func() { err = errors.Join(err, out.Body.Close()) }()
	content, err := io.ReadAll(out.Body)
	if err != nil {
		return nil, fmt.Errorf("read object: %w", err)
	}
	return content, nil
}

func name(day casework.Day) *string { return aws.String(Folder + string(day) + ending) }
