package routing

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// contender is a worker of the set and what the record says of them.
type contender struct {
	worker *Worker
	seen   Candidate
}

// contenders makes a set into contenders, in the same order; out says why one is dropped.
func (c *choice) contenders(set []*Worker, out func(*Worker) Out) []*contender {
	all, each := make([]*contender, len(set)), make([]contender, len(set))
	for i, w := range set {
		each[i] = contender{worker: w, seen: Candidate{
			Worker:     w.ID,
			Out:        out(w),
			Language:   c.needsLanguage() && w.speaks(c.Facts.Language),
			Experience: c.Facts.Experience && slices.Contains(w.Roles, ExperienceWorker),
			Load:       w.Load,
			Capacity:   w.Capacity(c.Municipality.PointsPerHour),
			Waited:     w.LastAssigned.UTC(),
		}}
		all[i] = &each[i]
	}
	return all
}

// needsLanguage says whether it matters who speaks what: everybody speaks Dutch.
func (c *choice) needsLanguage() bool {
	return c.Facts.Language != "" && primary(c.Facts.Language) != "nl"
}

func remaining(all []*contender) []*contender {
	left := make([]*contender, 0, len(all))
	for _, k := range all {
		if k.seen.Out == "" {
			left = append(left, k)
		}
	}
	return left
}

// breakTie returns the best of left, which is not empty, and the step that left one. Each step keeps the best; who
// loses has that step in the record.
func (c *choice) breakTie(left []*contender) (winner *contender, by TieBreak) {
	if len(left) == 1 {
		return left[0], TieNone
	}
	for _, step := range []struct {
		by    TieBreak
		order func(a, b *contender) int // the best first
	}{
		{TieLanguage, func(a, b *contender) int { return trueFirst(a.seen.Language, b.seen.Language) }},
		{TieExperience, func(a, b *contender) int { return trueFirst(a.seen.Experience, b.seen.Experience) }},
		{TieLoad, byLoad},
		{TieWaited, func(a, b *contender) int { return a.worker.LastAssigned.Compare(b.worker.LastAssigned) }},
	} {
		if left = keepBest(left, step.by, step.order); len(left) == 1 {
			return left[0], step.by
		}
	}
	for _, k := range left {
		k.seen.Hash = c.hash(k.worker.ID)
	}
	left = keepBest(left, TieHash, func(a, b *contender) int { return strings.Compare(a.seen.Hash, b.seen.Hash) })
	return left[0], TieHash
}

// keepBest returns the best of left, in left's own memory.
func keepBest(left []*contender, by TieBreak, order func(a, b *contender) int) []*contender {
	best := slices.MinFunc(left, order)
	kept := left[:0]
	for _, k := range left {
		if order(k, best) > 0 {
			k.seen.Out = Out(by)
			continue
		}
		kept = append(kept, k)
	}
	return kept
}

func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// byLoad compares load per available hour, a.Load/a.available with b.Load/b.available, without dividing. Who has no
// hours comes last.
func byLoad(a, b *contender) int {
	hoursA, hoursB := a.worker.available(), b.worker.available()
	if hoursA == 0 || hoursB == 0 {
		return cmp.Or(trueFirst(hoursA > 0, hoursB > 0), cmp.Compare(a.worker.Load, b.worker.Load))
	}
	return cmp.Compare(a.worker.Load*hoursB, b.worker.Load*hoursA)
}

// hash is the lot: SHA-256 of rule version, case id and worker id, in hexadecimal.
func (c *choice) hash(workerID string) string {
	sum := sha256.Sum256([]byte(c.Rules.Version + "\n" + c.Facts.CaseID + "\n" + workerID))
	return hex.EncodeToString(sum[:])
}
