package trial

// Measure is one figure, for those who show or compare all of them.
type Measure struct {
	Name string // in a few words
	Unit Unit
	Of   func(*Figures) *float64
}

// Unit says how a figure is written.
type Unit string

// The units.
const (
	Count   Unit = "count"
	Share   Unit = "share" // 0 to 1, for people in per cent
	Times   Unit = "times"
	Seconds Unit = "seconds"
)

// Measures are all figures, in the order in which they are shown.
func Measures() []Measure {
	return []Measure{
		{"requests", Count, func(f *Figures) *float64 { return &f.Requests }},
		{"calls a request", Count, func(f *Figures) *float64 { return &f.Calls }},
		{"calls, 50 or more eligible", Share, func(f *Figures) *float64 { return &f.Of50 }},
		{"calls, about 12 eligible", Share, func(f *Figures) *float64 { return &f.Of12 }},
		{"offers a request", Count, func(f *Figures) *float64 { return &f.Offers }},
		{"got K where K can be had", Share, func(f *Figures) *float64 { return &f.Got }},
		{"best price", Times, func(f *Figures) *float64 { return &f.Price }},
		{"best price, p90", Times, func(f *Figures) *float64 { return &f.PriceP90 }},
		{"utility of the first", Times, func(f *Figures) *float64 { return &f.Worth }},
		{"utility of the best", Times, func(f *Figures) *float64 { return &f.Best }},
		{"first offer p50", Seconds, func(f *Figures) *float64 { return &f.First }},
		{"third offer p50", Seconds, func(f *Figures) *float64 { return &f.Third }},
		{"closing p50", Seconds, func(f *Figures) *float64 { return &f.Over }},
		{"calls a shop and hour, p50", Count, func(f *Figures) *float64 { return &f.Median }},
		{"calls a shop and hour, p99", Count, func(f *Figures) *float64 { return &f.Most }},
		{"Gini of calls", Times, func(f *Figures) *float64 { return &f.Gini }},
		{"limits broken", Share, func(f *Figures) *float64 { return &f.Beyond }},
		{"good shops never called", Share, func(f *Figures) *float64 { return &f.Forgotten }},
		{"newcomers called in 10", Share, func(f *Figures) *float64 { return &f.Exposed }},
		{"deals broken", Share, func(f *Figures) *float64 { return &f.Broken }},
		{"offers sent again", Count, func(f *Figures) *float64 { return &f.Repeats }},
		{"  taken for new ones", Count, func(f *Figures) *float64 { return &f.Repeated }},
	}
}
