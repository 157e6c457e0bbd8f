package counter

import (
	"math"
	"strconv"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/parser"

	"outcry"
)

// maxNesting bounds brackets in brackets.
const maxNesting = 40

// language is CEL without loops, where every number is of one kind. Beside its
// operators it has
//
//	open("Mo-Fr 09:00-18:00")      whether the shop is open when it is needed
//	open_now("Mo-Fr 09:00-18:00")  whether it is open now
//	attribute("colour")            a text of the request's attributes, "" where there is none
//	number("nights")               a number of them, 0 where there is none
//	min(a, b)  max(a, b)  round(a)
var language = sync.OnceValues(func() (*cel.Env, error) {
	var known []*env.Function
	for _, name := range []string{
		operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot, operators.Conditional,
		operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals,
		operators.Add, operators.Subtract, operators.Multiply, operators.Divide, operators.Negate, operators.In,
		"contains", "startsWith", "endsWith",
	} {
		known = append(known, env.NewFunction(name))
	}
	asked := cel.MapType(cel.StringType, cel.DynType)
	two := []*cel.Type{cel.DoubleType, cel.DoubleType}
	options := []cel.EnvOption{
		cel.StdLib(cel.StdLibSubset(&env.LibrarySubset{IncludeFunctions: known, DisableMacros: true})),
		cel.Macros(
			given("open", "@open", neededName), given("open_now", "@open", nowName),
			given("attribute", "@attribute", askedName), given("number", "@number", askedName),
		),
		cel.Function("@open", cel.Overload("open_at", []*cel.Type{cel.StringType, cel.TimestampType}, cel.BoolType, cel.BinaryBinding(openAt))),
		cel.Function("@attribute", cel.Overload("attribute_of", []*cel.Type{cel.StringType, asked}, cel.StringType, cel.BinaryBinding(attributeOf))),
		cel.Function("@number", cel.Overload("number_of", []*cel.Type{cel.StringType, asked}, cel.DoubleType, cel.BinaryBinding(numberOf))),
		cel.Function("min", cel.Overload("min_of_two", two, cel.DoubleType, cel.BinaryBinding(of(math.Min)))),
		cel.Function("max", cel.Overload("max_of_two", two, cel.DoubleType, cel.BinaryBinding(of(math.Max)))),
		cel.Function("round", cel.Overload("round_one", two[:1], cel.DoubleType, cel.UnaryBinding(rounded))),
		cel.Variable(askedName, asked), cel.Variable(nowName, cel.TimestampType), cel.Variable(neededName, cel.TimestampType),
		cel.ParserExpressionSizeLimit(4 * MaxExpression), cel.ParserRecursionLimit(maxNesting),
	}
	for _, f := range facts {
		options = append(options, cel.Variable(f.Name, factTypes[f.Type]))
	}
	return cel.NewCustomEnv(options...)
})

// given is a function of one text which is told something more.
func given(name, function, more string) cel.Macro {
	return cel.GlobalMacro(name, 1, func(e parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
		if args[0].Kind() != ast.LiteralKind || args[0].AsLiteral().Type() != types.StringType {
			return nil, e.NewError(args[0].ID(), quoted+name)
		}
		if function == "@open" {
			if _, err := outcry.ParseHours(string(args[0].AsLiteral().(types.String))); err != nil { //nolint:errcheck,forcetypeassert // its type was looked at
				return nil, e.NewError(args[0].ID(), hours+err.Error())
			}
		}
		return e.NewCall(function, args[0], e.NewIdent(more)), nil
	})
}

// How the complaints of given begin.
const (
	quoted = "write a text in quotes between the brackets of "
	hours  = "the opening hours cannot be read: "
)

// parsed keeps opening hours that were parsed; the texts stand in rules, so
// there are few.
var parsed sync.Map

func openAt(text, at ref.Val) ref.Val {
	t, ok := at.(types.Timestamp)
	s, isText := text.(types.String)
	if !ok || !isText {
		return types.MaybeNoSuchOverloadErr(text)
	}
	known, ok := parsed.Load(string(s))
	if !ok {
		h, err := outcry.ParseHours(string(s))
		if err != nil {
			return types.WrapErr(err)
		}
		known, _ = parsed.LoadOrStore(string(s), h)
	}
	h, ok := known.(outcry.Hours)
	return types.Bool(ok && h.OpenAt(t.Time))
}

func attributeOf(name, asked ref.Val) ref.Val {
	switch v := found(name, asked).(type) {
	case types.String:
		return text(string(v))
	case types.Bool:
		return types.String(strconv.FormatBool(bool(v)))
	case types.Double:
		return types.String(strconv.FormatFloat(float64(v), 'f', -1, 64))
	}
	return types.String("")
}

func numberOf(name, asked ref.Val) ref.Val {
	if v, ok := found(name, asked).(types.Double); ok {
		return v
	}
	return types.Double(0)
}

// found is the attribute of a name; nil where there is none.
func found(name, asked ref.Val) ref.Val {
	if m, ok := asked.(traits.Mapper); ok {
		if v, ok := m.Find(name); ok {
			return v
		}
	}
	return nil
}

// of makes a function of two numbers one of CEL.
func of(f func(a, b float64) float64) func(a, b ref.Val) ref.Val {
	return func(a, b ref.Val) ref.Val {
		x, okX := a.(types.Double)
		y, okY := b.(types.Double)
		if !okX || !okY {
			return types.MaybeNoSuchOverloadErr(a)
		}
		return types.Double(f(float64(x), float64(y)))
	}
}

func rounded(a ref.Val) ref.Val {
	if x, ok := a.(types.Double); ok {
		return types.Double(math.Round(float64(x)))
	}
	return types.MaybeNoSuchOverloadErr(a)
}
