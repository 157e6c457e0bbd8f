package counter

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
)

// The bounds of expressions.
const (
	// MaxExpression is how many characters one may have.
	MaxExpression = 1000
	// MaxCost is what one may cost at most, in CEL's units: about one for each
	// name and comparison.
	MaxCost = 1000
)

// expression is one that is ready to be evaluated, from anywhere at once.
type expression struct {
	program cel.Program
	// offer says that it asks about the offer, which there is not always.
	offer bool
}

// mishap is what is wrong with an expression, and at which of its characters,
// from 0.
type mishap struct {
	offset int
	words  string
}

// compile makes an expression of its text; want is what it must give.
func compile(source string, want *cel.Type) (*expression, *mishap) {
	e, err := language()
	if err != nil {
		return nil, &mishap{words: "expressions cannot be read: " + err.Error()}
	}
	if n := len([]rune(source)); n > MaxExpression {
		return nil, &mishap{words: fmt.Sprintf("the expression has %d characters; write at most %d", n, MaxExpression)}
	}
	parsed, issues := e.Parse(source)
	if issues.Err() != nil {
		return nil, mishapOf(source, issues)
	}
	x := &expression{}
	if m := x.plain(source, parsed.NativeRep()); m != nil {
		return nil, m
	}
	checked, issues := e.Check(parsed)
	if issues.Err() != nil {
		return nil, mishapOf(source, issues)
	}
	if got := checked.OutputType(); !got.IsExactType(want) && want != cel.DynType {
		return nil, &mishap{words: fmt.Sprintf("this gives %s; write one that gives %s", kindOf(got.String()), kindOf(want.String()))}
	}
	estimate, err := e.EstimateCost(checked, sizes{})
	switch {
	case err != nil:
		return nil, &mishap{words: "its cost cannot be told: " + err.Error()}
	case estimate.Max > MaxCost:
		return nil, &mishap{words: fmt.Sprintf("it is too dear: it may cost %d, at most %d is allowed; make it shorter", estimate.Max, MaxCost)}
	}
	if x.program, err = e.Program(checked, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(MaxCost)); err != nil {
		return nil, &mishap{words: err.Error()}
	}
	return x, nil
}

// plain makes every number one of the same kind, so that 1 and 1.0 are the same,
// refuses what rules have no use for, and notes whether the offer is asked about.
func (x *expression) plain(source string, a *ast.AST) (m *mishap) {
	literals := ast.NewExprFactory()
	refuse := func(e ast.Expr, words string) {
		if m == nil {
			at := a.SourceInfo().GetStartLocation(e.ID())
			m = &mishap{offset: offsetOf(source, at.Line(), at.Column()), words: words}
		}
	}
	ast.PostOrderVisit(a.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.LiteralKind:
			switch v := e.AsLiteral().(type) {
			case types.Int:
				e.SetKindCase(literals.NewLiteral(e.ID(), types.Double(v)))
			case types.Double, types.Bool, types.String:
			default:
				refuse(e, "this is neither a number, a text, true nor false")
			}
		case ast.SelectKind:
			of := e.AsSelect()
			x.offer = x.offer || of.Operand().Kind() == ast.IdentKind && of.Operand().AsIdent() == "offer" && of.FieldName() != "listed"
		case ast.MapKind, ast.StructKind, ast.ComprehensionKind:
			refuse(e, "braces do not belong here; a list has square brackets")
		}
	}))
	return m
}

// sizes bounds the texts that expressions are told.
type sizes struct{}

var _ cost.Estimator = sizes{}

// EstimateSize bounds a fact.
func (sizes) EstimateSize(cost.AstNode) *cost.SizeEstimate { return &cost.SizeEstimate{Max: maxText} }

// EstimateCallCost leaves it to CEL.
func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

// holds evaluates an expression that gives true or false.
func (x *expression) holds(s *scene) (bool, error) {
	value, _, err := x.program.Eval(s)
	return value == types.True, err
}

// worth evaluates an expression that gives a number.
func (x *expression) worth(s *scene) (float64, error) {
	value, _, err := x.program.Eval(s)
	if err != nil {
		return 0, err
	}
	n, ok := value.(types.Double)
	if !ok || math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return 0, errors.New("it gives no number")
	}
	return float64(n), nil
}

// words evaluates an expression and writes what it gives.
func (x *expression) words(s *scene) (string, error) {
	value, _, err := x.program.Eval(s)
	if err != nil {
		return "", err
	}
	switch v := value.(type) {
	case types.String:
		return string(v), nil
	case types.Double:
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return "", errors.New("it gives no number")
		}
		return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", float64(v)), "0"), "."), nil
	}
	return fmt.Sprint(value.Value()), nil
}

// kindOf names a type of CEL in words.
func kindOf(t string) string {
	switch {
	case t == "double":
		return "a number"
	case t == "bool":
		return "true or false"
	case t == "string":
		return "a text"
	case strings.HasPrefix(t, "list("):
		return "a list"
	}
	return t
}
