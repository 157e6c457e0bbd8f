package trial

import "math"

// Row is what a contender came to in a setting, seed by seed.
type Row struct {
	Setting, Policy string
	Seeds           []Figures
}

// Mean is each figure's mean over the seeds.
func (r *Row) Mean() Figures {
	mean, _ := r.both()
	return mean
}

// Half is half the width of each figure's 95 % interval over the seeds, by
// Student's t distribution; 0 for a single seed.
func (r *Row) Half() Figures {
	_, half := r.both()
	return half
}

func (r *Row) both() (mean, half Figures) {
	for _, m := range Measures() {
		values := make([]float64, len(r.Seeds))
		for i := range r.Seeds {
			values[i] = *m.Of(&r.Seeds[i])
		}
		*m.Of(&mean), *m.Of(&half) = interval(values)
	}
	return mean, half
}

// against is the mean and the interval of a figure divided by another
// contender's on the same seeds.
func (r *Row) against(other *Row, figure func(*Figures) *float64) (middle, half float64) {
	values := make([]float64, len(r.Seeds))
	for i := range values {
		var q ratio
		q.add(*figure(&r.Seeds[i]), *figure(&other.Seeds[i]))
		values[i] = q.share()
	}
	return interval(values)
}

// interval is the mean of values and half the width of its 95 % interval.
func interval(values []float64) (middle, half float64) {
	n := float64(len(values))
	if n == 0 {
		return 0, 0
	}
	for _, v := range values {
		middle += v / n
	}
	if n == 1 {
		return middle, 0
	}
	squares := 0.0
	for _, v := range values {
		squares += (v - middle) * (v - middle)
	}
	return middle, student(len(values)-1) * math.Sqrt(squares/(n-1)/n)
}

// students are the 97.5 % quantiles of Student's t distribution for 1, 2, 3 and
// so on degrees of freedom.
var students = [...]float64{
	12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
	2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
}

// student is the quantile for so many degrees of freedom, 1 or more; from 30 on
// that of 30, which is a little wide.
func student(freedom int) float64 { return students[min(freedom, len(students))-1] }
