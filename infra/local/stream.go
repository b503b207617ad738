package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"voordeur/internal/dynamo"
)

// stream stands in for the event source mapping between the case table and dispatch: it tells of inserts, from the
// moment it starts. What it misses the sweep finds.
type stream struct {
	client   *dynamodbstreams.Client
	table    string
	inserted func(ctx context.Context, k dynamo.Key) error

	iterators map[string]*string // by shard; nil: read to its end
	busy      atomic.Int32       // records being handled
}

const (
	pollEvery   = 100 * time.Millisecond
	atOnce      = 8 // records handled side by side
	readAtOnce  = 100
	lookForNews = 50 // polls between two looks for new shards
)

// run polls until the context ends. A poll that fails is tried again.
func (s *stream) run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	s.iterators = map[string]*string{}
	from := types.ShardIteratorTypeLatest
	for n := 0; ; n++ {
		if n%lookForNews == 0 {
			if err := s.findShards(ctx, from); err != nil && ctx.Err() == nil {
				slog.WarnContext(ctx, "stream has no shards to read", slog.Any("error", err))
			}
			from = types.ShardIteratorTypeTrimHorizon
		}
		if err := s.poll(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "stream poll failed", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// findShards gives every shard that is new an iterator: the first time at the newest record, later at its beginning.
func (s *stream) findShards(ctx context.Context, from types.ShardIteratorType) error {
	streams, err := s.client.ListStreams(ctx, &dynamodbstreams.ListStreamsInput{TableName: &s.table})
	if err != nil {
		return fmt.Errorf("list streams: %w", err)
	}
	for _, st := range streams.Streams {
		described, err := s.client.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: st.StreamArn})
		if err != nil {
			return fmt.Errorf("describe stream: %w", err)
		}
		for _, shard := range described.StreamDescription.Shards {
			if _, known := s.iterators[*shard.ShardId]; known {
				continue
			}
			it, err := s.client.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{
				StreamArn: st.StreamArn, ShardId: shard.ShardId, ShardIteratorType: from,
			})
			if err != nil {
				return fmt.Errorf("get shard iterator: %w", err)
			}
			s.iterators[*shard.ShardId] = it.ShardIterator
		}
	}
	return nil
}

func (s *stream) poll(ctx context.Context) error {
	for shard, iterator := range s.iterators {
		if iterator == nil {
			continue
		}
		out, err := s.client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{
			ShardIterator: iterator, Limit: aws.Int32(readAtOnce),
		})
		if err != nil {
			return fmt.Errorf("get records: %w", err)
		}
		s.iterators[shard] = out.NextShardIterator
		s.handle(ctx, out.Records)
	}
	return nil
}

// handle works inserts off side by side; one that fails is left to the sweep, as on AWS after its few attempts.
func (s *stream) handle(ctx context.Context, records []types.Record) {
	var g sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for _, r := range records {
		if r.EventName != types.OperationTypeInsert {
			continue
		}
		pk, sk := text(r.Dynamodb.Keys["PK"]), text(r.Dynamodb.Keys["SK"])
		s.busy.Add(1)
		slots <- struct{}{}
		g.Go(func() {
			defer func() {
				<-slots
				s.busy.Add(-1)
			}()
			if err := s.inserted(ctx, dynamo.Key{PK: pk, SK: sk}); err != nil && ctx.Err() == nil {
				slog.WarnContext(ctx, "wake-up failed; the sweep takes it up", slog.Any("error", err))
			}
		})
	}
	g.Wait()
}

func text(v types.AttributeValue) string {
	if s, ok := v.(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}
