package policy

import (
	"fmt"
	"math"
	"strings"
	"sync/atomic"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
)

// The bounds of expressions.
const (
	// MaxExpression is how many characters one may have.
	MaxExpression = 1000
	// MaxExpressions is how many a list of rules or parts may have.
	MaxExpressions = 10
	// MaxCost is what one may cost at most, in CEL's units: about one for each
	// name, comparison and step through a list. Lists are taken to have 20 items
	// and texts 128 characters, and are cut off there.
	MaxCost = 1000

	maxNesting = 60 // brackets in brackets
)

// expression is one that is ready to be evaluated, from anywhere at once.
type expression struct {
	program cel.Program
	cost    int         // what it may cost at most
	failed  atomic.Bool // it could not be evaluated, and that was said
}

// compileExpression makes an expression of its text; want is what it must give.
// A mishap says what is wrong with it.
func compileExpression(source string, want *cel.Type) (*expression, *mishap) {
	e, err := language()
	if err != nil {
		return nil, &mishap{words: "expressions cannot be read: " + err.Error()}
	}
	parsed, issues := e.Parse(source)
	if issues.Err() != nil {
		return nil, mishapOf(source, issues)
	}
	loops := false
	if m := even(source, parsed.NativeRep(), &loops); m != nil {
		return nil, m
	}
	checked, issues := e.Check(parsed)
	if issues.Err() != nil {
		return nil, mishapOf(source, issues)
	}
	if got := checked.OutputType(); !got.IsExactType(want) {
		return nil, &mishap{words: fmt.Sprintf("this gives %s; write one that gives %s", kindOf(got.String()), kindOf(want.String()))}
	}
	estimate, err := e.EstimateCost(checked, sizes{})
	if err != nil {
		return nil, &mishap{words: "its cost cannot be told: " + err.Error()}
	}
	if estimate.Max > MaxCost {
		return nil, &mishap{words: fmt.Sprintf("it is too dear: it may cost %d for a shop, at most %d is allowed; leave out a loop, or shorten a list", estimate.Max, MaxCost)}
	}
	options := []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize)}
	if loops {
		// Without a loop each part is evaluated once at most, and the estimate
		// holds by itself.
		options = append(options, cel.CostLimit(MaxCost))
	}
	program, err := e.Program(checked, options...)
	if err != nil {
		return nil, &mishap{words: err.Error()}
	}
	return &expression{program: program, cost: int(estimate.Max)}, nil
}

// even makes every number of an expression one of the same kind, so that 1 and
// 1.0 are the same, and refuses what a policy has no use for.
func even(source string, a *ast.AST, loops *bool) (m *mishap) {
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
			switch x := e.AsLiteral().(type) {
			case types.Int:
				e.SetKindCase(literals.NewLiteral(e.ID(), types.Double(x)))
			case types.Double, types.Bool, types.String:
			case types.Uint:
				refuse(e, "write the number without u")
			default:
				refuse(e, "this is neither a number, a text, true nor false")
			}
		case ast.MapKind, ast.StructKind:
			refuse(e, "braces do not belong here; a list has square brackets")
		case ast.ComprehensionKind:
			*loops = true
		}
	}))
	return m
}

// sizes bounds the lists and texts that expressions are told.
type sizes struct{}

var _ cost.Estimator = sizes{}

// EstimateSize bounds a fact, or an item of one.
func (sizes) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	if path := n.Path(); len(path) == 1 && n.Type().Kind() == types.ListKind {
		return &cost.SizeEstimate{Max: maxFactList}
	}
	return &cost.SizeEstimate{Max: maxFactText}
}

// EstimateCallCost leaves it to CEL.
func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

// holds evaluates an expression that gives true or false, for what v sees; an
// error tells in words why it cannot.
func (x *expression) holds(v *view) (bool, error) {
	value, _, err := x.program.Eval(v)
	if err != nil {
		return false, err
	}
	return value == types.True, nil
}

// worth evaluates an expression that gives a number, which is taken to be from -1
// to 1.
func (x *expression) worth(v *view) (float64, error) {
	value, _, err := x.program.Eval(v)
	if err != nil {
		return 0, err
	}
	n, ok := value.(types.Double)
	if !ok || math.IsNaN(float64(n)) {
		return 0, fmt.Errorf("it gives no number")
	}
	return min(max(float64(n), -1), 1), nil
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
