// Package loadflow finds which query's objects reach which reads of relationships, over the whole program.
//
// In: the *pymodule.Graph and the *mapper.Index. Out: a *Flow: for each query site the loader paths that it lacks, each
// with the way from a read to the query, and the reads whose query was not found.
//
// # How
//
// Every function is interpreted on its own over a small lattice of values (value.go): objects of mapped classes with
// their origin and the path from it, instances, classes, functions, containers, rows, statements, loader options. An
// object that comes in by a parameter has that parameter as its origin, so a function is interpreted once, not once a
// call; what it returns is rewritten at each call with the call's arguments (substitute.go). Only what decides which
// class is meant, or which reads, makes a context of its own (unit.go): the class of self and what it was given; classes,
// types, flags, names of attributes, and functions that are called, passed as arguments. That is what a generic repository
// needs, a serialiser that is told how deep to go, and a retry that is given what to run.
//
// Functions are solved in rounds (flow.go): a round goes from callees to callers (order.go), first by the names that they
// use, then by what they were seen to use; in each level all that something changed for are interpreted at once, each on
// the results before; then the results are merged in order. Hence the result does not depend on the number of workers.
// Then each read is carried against the calls to the queries (propagation.go, follow.go).
//
// What a run of the program recorded joins there, as reads of the queries that ran (recorded.go).
//
// Values, paths and origins are interned (intern.go): equal ones are the same pointer. An id as text is put together once,
// for the order of atoms in a value.
//
// # Where to look
//
//	rounds and contexts      flow.go, effort.go, unit.go, order.go, users.go, context.go, given_class.go, given_inner.go, flag.go, word.go
//	values                   value.go, origin.go, path.go, container.go, made.go, tree_node.go, node_nesting.go, bound.go, saturated.go, statement_folded.go,
//	                         intern.go, symbolic.go
//	Python                   interp.go, then expr.go, comprehension.go, either.go, control.go, assign.go, attribute.go, call.go, method_call.go, narrow.go, match.go, descriptor.go,
//	                         exceptions.go, exceptions_below.go, generator_sent.go, unary.go, unbound.go, method_named.go, method_computed.go,
//	                         called_by_word.go, names_handed.go, delegated.go, given_delegate.go, forwarding.go, class_dict.go, class_maker.go, attached.go, metaclass.go, named_by_class.go, enum_made.go,
//	                         attribute_state.go, instance_dict.go, name_stripped.go, item_by_name.go, own_property.go, reflected.go, mapper_listed.go,
//	                         key_word.go, class_key.go, keyed_by_type.go, in_places.go, dict_update.go, set_on_instance.go
//	what calls give          builtin*.go, library_*.go, text_library.go, format_string.go, text_kept.go, container_call.go, sequence_call.go, composed_call.go, own_*.go, queue.go, events.go, lambda.go, decorator.go, signature_bound.go, wrapped_*.go, special.go
//	what calls do            effect.go, leaving.go, grow.go, substitute.go
//	statements and options   query.go, at_import.go, column_added.go, option*.go, loader.go, joinable.go, default_statement.go
//	columns of subclasses    subclass.go, subclass_column.go, subclass_method.go
//	columns left out         left_out*.go, column_argument.go, columns_given.go
//	sessions                 session.go, session_objects.go, saved.go, expired*.go, rollback*.go, savepoint.go, closed.go, same_row.go, held_again.go, rekeyed*.go,
//	                         temporary.go, put_into.go, spoiled.go
//	what is loaded already   eager.go, preloaded.go, awaited_load.go, load_*.go, greenlet.go, populate_existing.go,
//	                         refreshed_first.go
//	schemas and frameworks   schema*.go, listed_strings.go, depends*.go, dishka.go, route.go, request_state.go, marshmallow*.go, litestar_*.go, strawberry.go,
//	                         graphql_depth.go, ariadne.go, graphene.go, aiogram.go, template*.go (Jinja)
//	from reads to queries    propagation.go, demand.go, step.go, follow.go, missing.go, unloaded.go, walk_back.go, cut.go, watch.go, unnamed*.go, recorded*.go
//
// # Why not ...
//
// Following one value at a time from each query would be simpler, but meets the same functions again for every query.
// Cloning functions for each call is exact, and explodes. Types alone (the annotation says Order) find the class but not
// the query.
//
// # What is over- and under-approximated
//
// A value may be more than it really is where ways meet and where containers mix their elements: that costs a user a
// query. It may be less where a call goes through code that is not in the tree, reflection, or a bound of this package
// (maxAtoms, maxRounds, ...): such a read is reported as undecided where its type is known. A way that goes round in what
// calls itself, or is too long, is cut off, and that is reported at its query (cut.go). What stands in more containers than
// maxNesting, maxNodeNesting and maxWidened is taken out of them a step early, which says nothing.
package loadflow
