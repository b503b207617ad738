package form_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/schemas"
)

// A sheet holds each question of its path, in order, with each option that any resident can be offered.
//
//ux:23
func TestASheetHoldsEveryQuestionAndEveryOption(t *testing.T) {
	data, err := schemas.Municipality("waterstad")
	if err != nil {
		t.Fatal(err)
	}
	m, err := municipality.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	d := form.Of(m)
	for _, path := range []form.Path{form.Full, form.CallMe, form.Card} {
		var want, got []string
		for _, p := range d.Pages {
			if slices.Contains(p.Paths, path) {
				want = append(want, p.Fields()...)
			}
		}
		pages := d.Sheet(path, m)
		for _, p := range pages {
			got = append(got, p.Fields()...)
			for _, q := range p.Questions {
				choice := q.Type == form.Choice || q.Type == form.Multi || q.Type == form.PickHelps
				if choice && len(q.Options) == 0 || q.Default != "" {
					t.Errorf("%s: %s has %d options and %q is marked", path, q.Key, len(q.Options), q.Default)
				}
				if once := slices.Compact(slices.Sorted(slices.Values(q.Options))); len(once) != len(q.Options) {
					t.Errorf("%s: %s offers something twice: %v", path, q.Key, q.Options)
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
			t.Errorf("%s (-definition +sheet):\n%s", path, diff)
		}
	}
	if diff := cmp.Diff(d.Pages, form.Of(m).Pages); diff != "" {
		t.Errorf("making sheets changed the form:\n%s", diff)
	}
}

func TestAConditionSaysWhichQuestionsItHangsOn(t *testing.T) {
	for name, tt := range map[string]struct {
		in   *form.Condition
		want []string
	}{
		"none":               {nil, nil},
		"one answer":         {&form.Condition{Key: "children", In: []string{"yes"}}, []string{"children"}},
		"the safety flag":    {&form.Condition{Key: "safety_flag"}, []string{"hide_from", "safe_now"}},
		"a word in it":       {&form.Condition{Key: "warn_word"}, []string{"story"}},
		"named helpers":      {&form.Condition{Key: "helpers_named"}, []string{"helpers"}},
		"the path":           {&form.Condition{Key: "path", In: []string{"form"}}, nil},
		"not another answer": {&form.Condition{Not: &form.Condition{Key: "no_fixed"}}, []string{"no_fixed"}},
		"several, each once": {
			&form.Condition{All: []form.Condition{{Key: "companion"}, {Any: []form.Condition{{Key: "hide_from"}, {Key: "companion"}}}}},
			[]string{"companion", "hide_from"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.in.HangsOn()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// On paper "call me today" was asked of everybody, so the answer counts without a word in the story.
func TestWhatWasAskedOnPaperCounts(t *testing.T) {
	data, err := schemas.Municipality("waterstad")
	if err != nil {
		t.Fatal(err)
	}
	m, err := municipality.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []bool{true, false} {
		kept := form.Of(m).Clean(form.Answers{"story": {"De huur."}, "call_today": {"yes"}}, form.Context{
			Municipality: m, Path: form.Full, Printed: printed,
		})
		if got := kept.Has("call_today", "yes"); got != printed {
			t.Errorf("printed %v: kept %v", printed, got)
		}
	}
}
