package main

import (
	"bytes"
	"cmp"
	_ "embed" // prices.json
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

//go:embed prices.json
var pricesFile []byte

// priceList is AWS's list for one region, as somebody noted it down on a day.
type priceList struct {
	Region    string           `json:"region"`
	NotedOn   string           `json:"noted_on"` // "2026-11-22"
	Note      string           `json:"note"`
	USDPerEUR float64          `json:"usd_per_eur"` // low, so that what costs dollars never looks cheaper in euros than it is
	Prices    map[string]price `json:"prices"`
}

// price is USD for Per of something. Free is how much of it a month costs an account nothing, for as long as AWS says so.
type price struct {
	What string  `json:"what"`
	USD  float64 `json:"usd"`
	Per  float64 `json:"per"`
	Free float64 `json:"free"`
	Page string  `json:"page"`
}

func readPrices() (priceList, error) {
	var l priceList
	d := json.NewDecoder(bytes.NewReader(pricesFile))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return priceList{}, fmt.Errorf("read prices.json: %w", err)
	}
	return l, nil
}

// bill is how much of what, by its name in the price list.
type bill map[string]float64

// and is both bills in one.
func (b bill) and(o bill) bill {
	both := maps.Clone(b)
	for name, amount := range o {
		both[name] += amount
	}
	return both
}

func (b bill) times(n float64) bill {
	all := bill{}
	for name, amount := range b {
		all[name] = amount * n
	}
	return all
}

// usd is what a bill costs, the free amounts not taken off.
func (l priceList) usd(b bill) (total float64, err error) {
	for name, amount := range b {
		p, ok := l.Prices[name]
		if !ok {
			return 0, fmt.Errorf("prices.json has no price for %s", name)
		}
		total += amount / p.Per * p.USD
	}
	return total, nil
}

// free is a month's bill without what is free.
func (l priceList) free(b bill) bill {
	rest := bill{}
	for name, amount := range b {
		rest[name] = max(0, amount-l.Prices[name].Free)
	}
	return rest
}

// figures are a bill's total and then its parts, the dearest first; parts below a hundredth of the total are left out.
func (l priceList) figures(of, total string, b bill) (figures, error) {
	all, err := l.usd(b)
	if err != nil {
		return nil, err
	}
	parts := figures{}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		usd, err := l.usd(bill{name: b[name]})
		if err != nil {
			return nil, err
		}
		if usd >= all/100 {
			parts = append(parts, figure{of + ": " + l.Prices[name].What, usd, "$", 0})
		}
	}
	slices.SortStableFunc(parts, func(a, b figure) int { return cmp.Compare(b.value, a.value) })
	return append(figures{{total, all, "$", 0}}, parts...), nil
}
