package municipality

import "time"

// Category is what an ended case is kept as: a line of the municipality's selection list (domain.md §6).
type Category string

// The categories.
const (
	KeptPlan    Category = "plan"    // help with a plan (Wmo 2015 art. 5.3.4)
	KeptYouth   Category = "youth"   // the same, with youth care in it (Jeugdwet art. 7.3.8)
	KeptNoPlan  Category = "no_plan" // it came to no plan
	KeptBriefly Category = "briefly" // withdrawn, or of somebody who lives elsewhere
	KeptTransit Category = "transit" // the municipality's own case system has it
	KeptBot     Category = "bot"     // no case: a person said that nobody sent the report
)

// Categories lists the categories, those kept longest last.
func Categories() []Category {
	return []Category{KeptBot, KeptBriefly, KeptTransit, KeptNoPlan, KeptPlan, KeptYouth}
}

// Retention says how long cases of each category are kept. The municipality's selection list prevails, between the law's
// floor and a ceiling.
type Retention struct {
	PlanYears   int `json:"plan_years" validate:"min=15,max=30"`
	YouthYears  int `json:"youth_years" validate:"min=20,max=40"`
	NoPlanYears int `json:"no_plan_years" validate:"min=1,max=10"`
	BrieflyDays int `json:"briefly_days" validate:"min=20,max=90"` // longer than an addition can be taken back
	TransitDays int `json:"transit_days" validate:"min=20,max=90"`
}

// Until is when a case of a category is destroyed whose term began at a moment: midnight in Amsterdam, after its last day.
func (r Retention) Until(c Category, from time.Time) time.Time {
	years, days := r.YouthYears, 0
	switch c {
	case KeptPlan:
		years = r.PlanYears
	case KeptNoPlan:
		years = r.NoPlanYears
	case KeptBriefly, KeptBot:
		years, days = 0, r.BrieflyDays
	case KeptTransit:
		years, days = 0, r.TransitDays
	case KeptYouth:
	}
	local := Local(from)
	return time.Date(local.Year()+years, local.Month(), local.Day()+days+1, 0, 0, 0, 0, local.Location())
}
