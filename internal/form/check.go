package form

import "slices"

// Check returns every problem on a page, none when the page is not visible. The page is looked up by its ID: which of
// its questions are visible follows from the answers as they are now.
func (d Definition) Check(p Page, a Answers, c Context) []Problem {
	page, ok := byID(d.Visible(a, c), p.ID)
	if !ok {
		return nil
	}
	return check(page, a, c)
}

// CheckAll returns every problem on every visible page, in page order.
func (d Definition) CheckAll(a Answers, c Context) []Problem {
	var problems []Problem
	for _, p := range d.Visible(a, c) {
		problems = append(problems, check(p, a, c)...)
	}
	return problems
}

// Review returns what Clean returns and every problem in it, as CheckAll would, in one walk through the form.
func (d Definition) Review(a Answers, c Context) (clean Answers, problems []Problem) {
	v := d.look(a, c)
	for _, p := range v.pages {
		problems = append(problems, check(p, v.clean, c)...)
	}
	return v.clean, problems
}

// checker collects the problems of one page.
type checker struct {
	page     string
	answers  Answers
	context  Context
	problems []Problem
}

func check(p Page, a Answers, c Context) []Problem {
	k := &checker{page: p.ID, answers: a, context: c}
	for _, q := range p.Questions {
		k.question(q)
	}
	return k.problems
}

func (k *checker) add(q Question, field string, code Code, limit int) {
	k.problems = append(k.problems, Problem{Page: k.page, Field: field, Key: q.Key, Code: code, Max: limit})
}

func (k *checker) question(q Question) {
	if k.skipped(q) {
		switch {
		case q.Required == nil:
		case q.Type == Confirm:
			k.add(q, q.Fields()[0], CodeConfirm, 0)
		default:
			k.add(q, q.Fields()[0], CodeRequired, 0)
		}
		return
	}
	switch q.Type {
	case Short, Name, Line, Story, Email, Phone, Number, Year:
		k.text(q, q.Key, q.Type)
	case Postcode:
		k.postcode(q)
	case Date:
		k.date(q)
	case Choice:
		k.choice(q, q.Key, q.Options)
	case Confirm:
		k.choice(q, q.Key, []string{"yes"})
	case Multi, PickHelps:
		k.many(q)
	case People:
		for row := 1; row <= q.Max; row++ {
			k.text(q, rowField(q.Key, row, partName), Name)
			if q.Relation {
				k.choice(q, rowField(q.Key, row, partRelation), q.Options)
				k.text(q, rowField(q.Key, row, partWith), Line)
			}
		}
	}
}

// skipped says whether nothing was filled in.
func (k *checker) skipped(q Question) bool {
	for field := range q.each() {
		if len(filled(k.answers[field])) > 0 {
			return false
		}
	}
	return true
}

// single returns a field's one value; ok is false when there is none to judge.
func (k *checker) single(q Question, field string) (value string, ok bool) {
	values := filled(k.answers[field])
	if len(values) > 1 {
		k.add(q, field, CodeTooMany, 1)
	}
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}

// text checks one text; ok says that there is one and it is right.
func (k *checker) text(q Question, field string, t Type) (ok bool) {
	value, ok := k.single(q, field)
	if !ok {
		return false
	}
	code, limit := fault(value, t.tag(k.context.Today))
	if code != "" {
		k.add(q, field, code, limit)
	}
	return code == ""
}

// postcode asks where the resident lives, so it must lie in one of the municipality's areas (D9).
func (k *checker) postcode(q Question) {
	if !k.text(q, q.Key, Postcode) {
		return
	}
	if _, ok := k.context.Municipality.AreaOf(k.answers.One(q.Key)); !ok {
		k.add(q, q.Key, CodeOutside, 0)
	}
}

func (k *checker) choice(q Question, field string, options []string) {
	if value, ok := k.single(q, field); ok && !slices.Contains(options, value) {
		k.add(q, field, CodeChoice, 0)
	}
}

func (k *checker) many(q Question) {
	values := filled(k.answers[q.Key])
	limit := q.Max
	if limit == 0 {
		limit = MaxList
	}
	offered := func(v string) bool { return slices.Contains(q.Options, v) }
	switch {
	case len(values) > limit:
		k.add(q, q.Key, CodeTooMany, limit)
	case slices.ContainsFunc(values, func(v string) bool { return !offered(v) }):
		k.add(q, q.Key, CodeChoice, 0)
	case len(values) > 1 && slices.ContainsFunc(values, q.StandsAlone):
		k.add(q, q.Key, CodeAlone, 0)
	}
}

func (k *checker) date(q Question) {
	var boxes []string
	for _, field := range q.Fields() {
		if len(filled(k.answers[field])) == 0 {
			k.add(q, field, CodeDateIncomplete, 0)
			return
		}
		value, ok := k.single(q, field)
		if !ok {
			return
		}
		boxes = append(boxes, value)
	}
	if _, wrong := realDate(boxes[0], boxes[1], boxes[2]); wrong != "" {
		k.add(q, q.Key+"."+wrong, CodeDate, 0)
	}
}
