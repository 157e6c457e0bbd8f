package trial

// Goal is what the default policy is to reach in a figure.
type Goal struct {
	Figure  string  `json:"figure"`
	Setting string  `json:"setting"`
	Least   float64 `json:"at_least"`
	Aim     float64 `json:"aim"`
	Got     float64 `json:"got"`
	Half    float64 `json:"plus_minus"`
	Verdict Verdict `json:"verdict"`
	Unit    Unit    `json:"-"`
}

// Verdict says how far a goal was reached.
type Verdict string

// The verdicts.
const (
	Aimed  Verdict = "aim"   // the aim is reached
	Passed Verdict = "pass"  // what is asked at least is
	Short  Verdict = "short" // that is not
)

// goals are all there are. Where least is above aim, less is better.
var goals = []struct {
	setting    string
	figure     string
	unit       Unit
	least, aim float64
	of         func(*Figures) *float64
	// relative: it is divided by that of calling everybody.
	relative bool
}{
	{Normal.Name, "calls, 50 or more eligible", Share, 0.25, 0.15, func(f *Figures) *float64 { return &f.Of50 }, false},
	{Normal.Name, "calls, about 12 eligible", Share, 0.70, 0.50, func(f *Figures) *float64 { return &f.Of12 }, false},
	{Normal.Name, "got K where K can be had", Share, 0.99, 0.999, func(f *Figures) *float64 { return &f.Got }, false},
	{Tenfold.Name, "got K where K can be had", Share, 0.93, 0.96, func(f *Figures) *float64 { return &f.Got }, false},
	{Normal.Name, "best price", Times, 1.03, 1.015, func(f *Figures) *float64 { return &f.Price }, false},
	{Normal.Name, "best price, p90", Times, 1.10, 1.05, func(f *Figures) *float64 { return &f.PriceP90 }, false},
	{Normal.Name, "utility against everybody's", Times, 0.97, 0.985, func(f *Figures) *float64 { return &f.Worth }, true},
	{Normal.Name, "third offer p50", Seconds, 1, 0.6, func(f *Figures) *float64 { return &f.Third }, false},
	{Normal.Name, "limits broken", Share, 0, 0, func(f *Figures) *float64 { return &f.Beyond }, false},
	{Tenfold.Name, "limits broken", Share, 0, 0, func(f *Figures) *float64 { return &f.Beyond }, false},
	{Normal.Name, "good shops never called", Share, 0.05, 0.03, func(f *Figures) *float64 { return &f.Forgotten }, false},
	{Normal.Name, "newcomers called in 10", Share, 0.7, 0.9, func(f *Figures) *float64 { return &f.Exposed }, false},
	{Normal.Name, "Gini of calls", Times, 0.65, 0.56, func(f *Figures) *float64 { return &f.Gini }, false},
	{Baited.Name, "deals broken", Share, 0.08, 0.06, func(f *Figures) *float64 { return &f.Broken }, false},
}

// Goals holds what ours came to in a whole trial against its goals, those of
// the settings that were tried.
func Goals(rows []Row) []Goal {
	found := []Goal{}
	for _, g := range goals {
		our, everybody := rowOf(rows, g.setting, ours), rowOf(rows, g.setting, all)
		if our == nil || g.relative && everybody == nil {
			continue
		}
		mean, spread := our.both()
		got, half := *g.of(&mean), *g.of(&spread)
		if g.relative {
			got, half = our.against(everybody, g.of)
		}
		found = append(found, Goal{
			Figure: g.figure, Setting: g.setting, Least: g.least, Aim: g.aim, Got: got, Half: half, Unit: g.unit,
			Verdict: verdict(got, g.least, g.aim),
		})
	}
	return found
}

// verdict holds a figure against what is asked at least, and the aim. Where
// both are the same, less is better.
func verdict(got, least, aim float64) Verdict {
	if aim > least {
		got, least, aim = -got, -least, -aim
	}
	switch {
	case got <= aim:
		return Aimed
	case got <= least:
		return Passed
	}
	return Short
}

// rowOf is the row of a policy in a setting; nil where there is none.
func rowOf(rows []Row, setting, policy string) *Row {
	for i := range rows {
		if rows[i].Setting == setting && rows[i].Policy == policy {
			return &rows[i]
		}
	}
	return nil
}
