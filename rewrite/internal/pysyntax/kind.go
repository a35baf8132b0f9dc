package pysyntax

import (
	sitter "github.com/smacker/go-tree-sitter"
	"github.com/smacker/go-tree-sitter/python"
)

// Kind is the kind of a node. The names are those of the Python grammar; see kindNames.
type Kind uint16

// The kinds that anybody asks for. Other is every node of the grammar that has no name here.
const (
	Other Kind = iota
	Error
	Module
	Comment
	LineContinuation
	Identifier
	Integer
	Float
	True
	False
	None
	Ellipsis
	String
	StringStart
	StringContent
	StringEnd
	Interpolation
	ConcatenatedString
	ImportStatement
	ImportFromStatement
	FutureImportStatement
	RelativeImport
	ImportPrefix
	DottedName
	AliasedImport
	WildcardImport
	ExpressionStatement
	Assignment
	AugmentedAssignment
	NamedExpression
	ReturnStatement
	DeleteStatement
	RaiseStatement
	PassStatement
	BreakStatement
	ContinueStatement
	AssertStatement
	GlobalStatement
	NonlocalStatement
	TypeAliasStatement
	IfStatement
	ElifClause
	ElseClause
	MatchStatement
	CaseClause
	CasePattern
	ClassPattern
	KeywordPattern
	UnionPattern
	SplatPattern
	ForStatement
	WhileStatement
	TryStatement
	ExceptClause
	ExceptGroupClause
	FinallyClause
	WithStatement
	WithClause
	WithItem
	Block
	FunctionDefinition
	ClassDefinition
	DecoratedDefinition
	Decorator
	Parameters
	LambdaParameters
	TypedParameter
	DefaultParameter
	TypedDefaultParameter
	ListSplatPattern
	DictionarySplatPattern
	KeywordSeparator
	PositionalSeparator
	TypeParameter
	Type
	GenericType
	UnionType
	MemberType
	ConstrainedType
	ArgumentList
	KeywordArgument
	ListSplat
	DictionarySplat
	ParenthesizedListSplat
	Call
	Attribute
	Subscript
	Slice
	Await
	Yield
	Lambda
	NotOperator
	BooleanOperator
	BinaryOperator
	UnaryOperator
	ComparisonOperator
	ConditionalExpression
	ParenthesizedExpression
	List
	Set
	Tuple
	Dictionary
	Pair
	ListComprehension
	SetComprehension
	DictionaryComprehension
	GeneratorExpression
	ForInClause
	IfClause
	ExpressionList
	PatternList
	TuplePattern
	ListPattern
	DictPattern
	AsPattern
	AsPatternTarget
	PrintStatement // of Python 2, as the two below
	ExecStatement
	Chevron
	kindCount
)

// kindNames maps the names of the grammar to kinds.
var kindNames = map[string]Kind{
	"ERROR": Error, "module": Module, "comment": Comment, "line_continuation": LineContinuation,
	"identifier": Identifier, "integer": Integer, "float": Float, "true": True, "false": False, "none": None,
	"ellipsis": Ellipsis, "string": String, "string_start": StringStart, "string_content": StringContent,
	"string_end": StringEnd, "interpolation": Interpolation, "concatenated_string": ConcatenatedString,
	"import_statement": ImportStatement, "import_from_statement": ImportFromStatement,
	"future_import_statement": FutureImportStatement, "relative_import": RelativeImport, "import_prefix": ImportPrefix,
	"print_statement": PrintStatement, "exec_statement": ExecStatement, "chevron": Chevron,
	"dotted_name": DottedName, "aliased_import": AliasedImport, "wildcard_import": WildcardImport,
	"expression_statement": ExpressionStatement, "assignment": Assignment, "augmented_assignment": AugmentedAssignment,
	"named_expression": NamedExpression, "return_statement": ReturnStatement, "delete_statement": DeleteStatement,
	"raise_statement": RaiseStatement, "pass_statement": PassStatement, "break_statement": BreakStatement,
	"continue_statement": ContinueStatement, "assert_statement": AssertStatement, "global_statement": GlobalStatement,
	"nonlocal_statement": NonlocalStatement, "type_alias_statement": TypeAliasStatement, "if_statement": IfStatement,
	"elif_clause": ElifClause, "else_clause": ElseClause, "match_statement": MatchStatement, "case_clause": CaseClause,
	"case_pattern": CasePattern, "class_pattern": ClassPattern, "keyword_pattern": KeywordPattern,
	"union_pattern": UnionPattern, "splat_pattern": SplatPattern, "for_statement": ForStatement,
	"while_statement": WhileStatement, "try_statement": TryStatement, "except_clause": ExceptClause,
	"except_group_clause": ExceptGroupClause, "finally_clause": FinallyClause, "with_statement": WithStatement,
	"with_clause": WithClause, "with_item": WithItem, "block": Block, "function_definition": FunctionDefinition,
	"class_definition": ClassDefinition, "decorated_definition": DecoratedDefinition, "decorator": Decorator,
	"parameters": Parameters, "lambda_parameters": LambdaParameters, "typed_parameter": TypedParameter,
	"default_parameter": DefaultParameter, "typed_default_parameter": TypedDefaultParameter,
	"list_splat_pattern": ListSplatPattern, "dictionary_splat_pattern": DictionarySplatPattern,
	"keyword_separator": KeywordSeparator, "positional_separator": PositionalSeparator, "type_parameter": TypeParameter,
	"type": Type, "generic_type": GenericType, "union_type": UnionType, "member_type": MemberType,
	"constrained_type": ConstrainedType, "argument_list": ArgumentList, "keyword_argument": KeywordArgument,
	"list_splat": ListSplat, "dictionary_splat": DictionarySplat, "parenthesized_list_splat": ParenthesizedListSplat,
	"call": Call, "attribute": Attribute, "subscript": Subscript, "slice": Slice, "await": Await, "yield": Yield,
	"lambda": Lambda, "not_operator": NotOperator, "boolean_operator": BooleanOperator,
	"binary_operator": BinaryOperator, "unary_operator": UnaryOperator, "comparison_operator": ComparisonOperator,
	"conditional_expression": ConditionalExpression, "parenthesized_expression": ParenthesizedExpression, "list": List,
	"set": Set, "tuple": Tuple, "dictionary": Dictionary, "pair": Pair, "list_comprehension": ListComprehension,
	"set_comprehension": SetComprehension, "dictionary_comprehension": DictionaryComprehension,
	"generator_expression": GeneratorExpression, "for_in_clause": ForInClause, "if_clause": IfClause,
	"expression_list": ExpressionList, "pattern_list": PatternList, "tuple_pattern": TuplePattern,
	"list_pattern": ListPattern, "dict_pattern": DictPattern, "as_pattern": AsPattern,
	"as_pattern_target": AsPatternTarget,
}

// Field is the role of a node in its parent, 0 when it has none.
type Field uint8

// The fields of the grammar.
const (
	NoField Field = iota
	FieldAlias
	FieldAlternative
	FieldArgument
	FieldArguments
	FieldAttribute
	FieldBody
	FieldCause
	FieldCode
	FieldCondition
	FieldConsequence
	FieldDefinition
	FieldExpression
	FieldFormatSpecifier
	FieldFunction
	FieldGuard
	FieldKey
	FieldLeft
	FieldModuleName
	FieldName
	FieldObject
	FieldOperator
	FieldOperators
	FieldParameters
	FieldReturnType
	FieldRight
	FieldSubject
	FieldSubscript
	FieldSuperclasses
	FieldType
	FieldTypeConversion
	FieldTypeParameters
	FieldValue
)

var fieldNames = []string{
	"", "alias", "alternative", "argument", "arguments", "attribute", "body", "cause", "code", "condition",
	"consequence", "definition", "expression", "format_specifier", "function", "guard", "key", "left", "module_name",
	"name", "object", "operator", "operators", "parameters", "return_type", "right", "subject", "subscript",
	"superclasses", "type", "type_conversion", "type_parameters", "value",
}

// symbolKinds translates the symbols of the grammar; made once, never changed.
var symbolKinds = func() []Kind {
	language := python.GetLanguage()
	kinds := make([]Kind, language.SymbolCount()+64) // aliases are numbered behind the symbols
	for symbol := range kinds {
		if name := language.SymbolName(sitter.Symbol(symbol)); name != "" {
			kinds[symbol] = kindNames[name]
		}
	}
	return kinds
}()

func (k Kind) String() string {
	for name, kind := range kindNames {
		if kind == k {
			return name
		}
	}
	return "other"
}
