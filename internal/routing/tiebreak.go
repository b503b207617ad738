package routing

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// record notes of each worker of a set, in the same order, what the tie-break sees; out says why one is dropped.
func (c *choice) record(set []*Worker, out func(*Worker) Out) []Candidate {
	all := make([]Candidate, len(set))
	language := c.language()
	for i, w := range set {
		all[i] = Candidate{
			Worker:     w.ID,
			Out:        out(w),
			Language:   language != "" && w.speaks(language),
			Experience: c.Facts.Experience && slices.Contains(w.Roles, ExperienceWorker),
			Load:       w.Load,
			Hours:      w.available(),
			Capacity:   w.Capacity(c.Municipality.PointsPerHour),
			Waited:     w.LastAssigned.UTC(),
		}
	}
	return all
}

// language is the primary language that it matters to speak, "" when none does: everybody speaks Dutch.
func (c *choice) language() string {
	if language := primary(c.Facts.Language); language != "nl" {
		return language
	}
	return ""
}

// remaining points at those in the record who are not out.
func remaining(all []Candidate) []*Candidate {
	left := make([]*Candidate, 0, len(all))
	for i := range all {
		if all[i].Out == "" {
			left = append(left, &all[i])
		}
	}
	return left
}

// breakTie returns the best of left, which is not empty, and the step that left one. Each step keeps the best; who
// loses has that step in the record. Left is used up.
func (c *choice) breakTie(left []*Candidate) (winner *Candidate, by TieBreak) {
	if len(left) == 1 {
		return left[0], TieNone
	}
	for _, step := range []struct {
		by    TieBreak
		asked bool
		order func(a, b *Candidate) int // the best first
	}{
		{TieLanguage, c.language() != "", func(a, b *Candidate) int { return trueFirst(a.Language, b.Language) }},
		{TieExperience, c.Facts.Experience, func(a, b *Candidate) int { return trueFirst(a.Experience, b.Experience) }},
		{TieLoad, true, byLoad},
		{TieWaited, true, func(a, b *Candidate) int { return a.Waited.Compare(b.Waited) }},
	} {
		if !step.asked {
			continue
		}
		if left = keepBest(left, step.by, step.order); len(left) == 1 {
			return left[0], step.by
		}
	}
	for _, k := range left {
		k.Hash = c.hash(k.Worker)
	}
	left = keepBest(left, TieHash, func(a, b *Candidate) int { return strings.Compare(a.Hash, b.Hash) })
	return left[0], TieHash
}

// keepBest returns the best of left, which is not empty, in left's own memory and order.
func keepBest(left []*Candidate, by TieBreak, order func(a, b *Candidate) int) []*Candidate {
	best := left[:1]
	for _, k := range left[1:] {
		switch d := order(k, best[0]); {
		case d > 0:
			k.Out = Out(by)
		case d == 0:
			best = append(best, k)
		case d < 0:
			for _, beaten := range best {
				beaten.Out = Out(by)
			}
			best = append(best[:0], k)
		}
	}
	return best
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

// byLoad compares load per available hour, a.Load/a.Hours with b.Load/b.Hours, without dividing. Who has no hours comes
// last.
func byLoad(a, b *Candidate) int {
	if a.Hours == 0 || b.Hours == 0 {
		return cmp.Or(trueFirst(a.Hours > 0, b.Hours > 0), cmp.Compare(a.Load, b.Load))
	}
	return cmp.Compare(a.Load*b.Hours, b.Load*a.Hours)
}

// hash is the lot: SHA-256 of rule version, case id and worker id, in hexadecimal.
func (c *choice) hash(workerID string) string {
	sum := sha256.Sum256([]byte(c.Rules.Version + "\n" + c.Facts.CaseID + "\n" + workerID))
	return hex.EncodeToString(sum[:])
}
