package form

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// junk is what no question offers, and what some take.
func junk() []string {
	return []string{
		"", "yes", "no", "none", "1", "2", "9", "mars", "0612345678", "9991 AB", "1000 AA", "sam@voorbeeld.example",
		"Er ligt een mes.", "\x00", "\u202E", "31", "2026", "<script>", strings.Repeat("é", 2001),
	}
}

// anyAnswers draws answers to every question of the form, on offer or not, hidden or not.
func anyAnswers(t *rapid.T) Answers {
	a := Answers{}
	for _, p := range Core().Pages {
		for _, q := range p.Questions {
			for _, field := range q.Fields() {
				if rapid.Bool().Draw(t, field+" asked") {
					a[field] = anyValues(t, q, field)
				}
			}
		}
	}
	return a
}

func anyValues(t *rapid.T, q Question, field string) []string {
	pool := slices.Concat(q.Options, q.Options, q.Options, junk()) // mostly what is on offer
	if q.From == "contact_way" {
		pool = append(pool, "call", "text", "email", "letter", "come_by")
	}
	return rapid.SliceOfN(rapid.SampledFrom(pool), 0, 3).Draw(t, field)
}

func anyContext(t *rapid.T) Context {
	return context(rapid.SampledFrom([]Path{Full, CallMe}).Draw(t, "path"))
}

// A11, and the promise of the issue: the visible set never sends a hidden answer.
//
// feature:A11
func TestTheVisibleSetNeverSendsAHiddenAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, c := anyAnswers(t), anyContext(t)
		visible := Core().Visible(a, c)
		shown := fieldsOf(visible)
		clean := Core().Clean(a, c)
		for field := range clean {
			if !slices.Contains(shown, field) {
				t.Fatalf("%s is sent and hidden", field)
			}
		}
		for _, p := range visible {
			for _, q := range p.Questions {
				if q.Type != Choice && q.Type != Multi && q.Type != PickHelps {
					continue
				}
				for _, value := range clean[q.Key] {
					if !slices.Contains(q.Options, value) {
						t.Fatalf("%s sends what is not on offer", q.Key)
					}
				}
			}
		}
		if diff := cmp.Diff(clean, Core().Clean(clean, c)); diff != "" {
			t.Fatalf("cleaned twice (-once +twice):\n%s", diff)
		}
		if diff := cmp.Diff(visible, Core().Visible(clean, c)); diff != "" {
			t.Fatalf("visible (-before +after cleaning):\n%s", diff)
		}
	})
}

// A hidden answer counts nowhere: whatever is put there, the same is asked, sent and mended.
//
// feature:A11
func TestAHiddenAnswerChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, c := anyAnswers(t), anyContext(t)
		shown := fieldsOf(Core().Visible(a, c))
		other := maps.Clone(a)
		for _, p := range Core().Pages {
			for _, q := range p.Questions {
				for _, field := range q.Fields() {
					if !slices.Contains(shown, field) {
						other[field] = anyValues(t, q, "other "+field)
					}
				}
			}
		}
		if diff := cmp.Diff(Core().Visible(a, c), Core().Visible(other, c)); diff != "" {
			t.Fatalf("visible (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(Core().Clean(a, c), Core().Clean(other, c)); diff != "" {
			t.Fatalf("clean (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(Core().CheckAll(a, c), Core().CheckAll(other, c)); diff != "" {
			t.Fatalf("problems (-before +after):\n%s", diff)
		}
	})
}

// style 12: every problem, in page order, each at an input that is there, with a known code.
func TestProblemsComeInPageOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, c := anyAnswers(t), anyContext(t)
		visible := Core().Visible(a, c)
		shown := fieldsOf(visible)
		last := -1
		var each []Problem
		for _, p := range visible {
			each = append(each, Core().Check(p, a, c)...)
		}
		problems := Core().CheckAll(a, c)
		if diff := cmp.Diff(each, problems); diff != "" {
			t.Fatalf("problems (-page by page +all):\n%s", diff)
		}
		for _, p := range problems {
			at := slices.Index(shown, p.Field)
			if at <= last && shown[max(at, 0)] != shown[max(last, 0)] || at < 0 {
				t.Fatalf("%s at %s is out of order or hidden", p.Code, p.Field)
			}
			last = at
			if page, _ := byID(visible, p.Page); !slices.Contains(page.Fields(), p.Field) || !strings.HasPrefix(p.Field, p.Key) {
				t.Fatalf("%s points at %s, page %s, key %s", p.Code, p.Field, p.Page, p.Key)
			}
			if !slices.Contains(Codes(), p.Code) {
				t.Fatalf("code %q is not listed", p.Code)
			}
		}
	})
}

// T12, T13: answers without problems lie within the limits.
//
// threat:T12
// threat:T13
func TestWhatIsAcceptedLiesWithinTheLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, c := anyAnswers(t), anyContext(t)
		clean := Core().Clean(a, c)
		for _, p := range Core().Visible(clean, c) {
			if len(Core().Check(p, clean, c)) == 0 {
				withinLimits(t, p, clean)
			}
		}
	})
}

// A3: "Ik heb niemand" changes what is asked about companions, and nothing else.
//
// feature:A3
func TestHavingNobodyClosesCompanionsOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, c := anyAnswers(t), anyContext(t)
		nobody := Answers{"helpers": {"none"}}
		for field, values := range a {
			if !strings.HasPrefix(field, "helpers") {
				nobody[field] = values
			}
		}
		beside := func(a Answers) []Page {
			var pages []Page
			for _, p := range Core().Visible(a, c) {
				p.Questions = slices.DeleteFunc(slices.Clone(p.Questions), func(q Question) bool {
					return strings.HasPrefix(q.Key, "companion") || q.Key == "invite_how"
				})
				if len(p.Questions) > 0 || p.Notice != "" {
					pages = append(pages, p)
				}
			}
			return pages
		}
		if diff := cmp.Diff(beside(a), beside(nobody)); diff != "" {
			t.Fatalf("pages (-with helpers +with nobody):\n%s", diff)
		}
	})
}

func TestAReviewIsWhatIsSentAndWhatIsWrongWithIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, c := anyAnswers(t), anyContext(t)
		clean, problems := Core().Review(a, c)
		if diff := cmp.Diff(Core().Clean(a, c), clean); diff != "" {
			t.Fatalf("answers (-Clean +Review):\n%s", diff)
		}
		if diff := cmp.Diff(Core().CheckAll(clean, c), problems); diff != "" {
			t.Fatalf("problems (-CheckAll +Review):\n%s", diff)
		}
	})
}
