package policy

import (
	"math"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// language is CEL without what a policy has no use for: every number is a
// number, whole or not, and the only loops are those over a list of the shop or
// of the expression itself.
var language = sync.OnceValues(func() (*cel.Env, error) {
	var known []*env.Function
	for _, name := range []string{
		operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot, operators.Conditional, operators.NotStrictlyFalse,
		operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals,
		operators.Add, operators.Subtract, operators.Multiply, operators.Divide, operators.Negate, operators.In,
		"contains", "startsWith", "endsWith",
	} {
		known = append(known, env.NewFunction(name))
	}
	item := cel.TypeParamType("T")
	options := []cel.EnvOption{
		cel.StdLib(cel.StdLibSubset(&env.LibrarySubset{
			IncludeFunctions: known,
			IncludeMacros:    []string{operators.All, operators.Exists, operators.ExistsOne},
		})),
		cel.Function("size",
			cel.Overload("size_of_list", []*cel.Type{cel.ListType(item)}, cel.DoubleType, cel.UnaryBinding(sizeOf)),
			cel.Overload("size_of_text", []*cel.Type{cel.StringType}, cel.DoubleType, cel.UnaryBinding(sizeOf))),
		cel.Function("min", cel.Overload("min_of_two", []*cel.Type{cel.DoubleType, cel.DoubleType}, cel.DoubleType, cel.BinaryBinding(lesser))),
		cel.Function("max", cel.Overload("max_of_two", []*cel.Type{cel.DoubleType, cel.DoubleType}, cel.DoubleType, cel.BinaryBinding(greater))),
		cel.Function(operators.Index,
			cel.Overload("item_of_list", []*cel.Type{cel.ListType(item), cel.DoubleType}, item, cel.BinaryBinding(itemOf))),
		cel.ParserExpressionSizeLimit(4 * MaxExpression), // in bytes
		cel.ParserRecursionLimit(maxNesting),
	}
	for _, f := range facts {
		options = append(options, cel.Variable(f.Name, factTypes[f.Type]))
	}
	return cel.NewCustomEnv(options...)
})

func sizeOf(v ref.Val) ref.Val {
	if s, ok := v.(traits.Sizer); ok {
		if n, ok := s.Size().(types.Int); ok {
			return types.Double(n)
		}
	}
	return types.MaybeNoSuchOverloadErr(v)
}

func lesser(a, b ref.Val) ref.Val { return bound(a, b, math.Min) }

func greater(a, b ref.Val) ref.Val { return bound(a, b, math.Max) }

func bound(a, b ref.Val, of func(a, b float64) float64) ref.Val {
	x, okX := a.(types.Double)
	y, okY := b.(types.Double)
	if !okX || !okY {
		return types.MaybeNoSuchOverloadErr(a)
	}
	return types.Double(of(float64(x), float64(y)))
}

func itemOf(list, index ref.Val) ref.Val {
	if l, ok := list.(traits.Lister); ok {
		return l.Get(index)
	}
	return types.MaybeNoSuchOverloadErr(list)
}
