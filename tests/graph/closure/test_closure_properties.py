"""Closure on any small graph: every path keeps its rule, denials stay denials, and nothing is missed."""

from __future__ import annotations

from collections.abc import Iterable

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from tests.graph.closure.small_world import World

from stemgraph.graph.formats.inferred import inferred_quads
from stemgraph.graph.inferences import every_inference
from stemgraph.graph.inheritance import Inheritance
from stemgraph.graph.inherited_associations import InheritedAssociations
from stemgraph.graph.model import Association
from stemgraph.ontology.closure_rules import ClosureRule, closure_rules

DISEASES = tuple(f"MONDO:000000{number}" for number in range(1, 6))
THERAPIES = (
    "MAXO:0000747",
    "MAXO:0001479",
    "STEMGRAPH:autologous-hsct",
    "STEMGRAPH:tandem",
    "STEMGRAPH:other",
)
CELLS = ("CL:0000001", "CL:0000037", "CL:0000002", "CL:0000003")
GROUPING = "STEMGRAPH:grouping"
ENTITIES = (*DISEASES, *THERAPIES, *CELLS)
RULES = closure_rules()

Steps = list[tuple[int, int]]


def steps_between(count: int) -> st.SearchStrategy[Steps]:
    """Pairs of places, the lower before the higher, so that no circle comes about."""
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
        lambda each: each[0] != each[1]
    )
    return st.lists(pair.map(lambda each: (min(each), max(each))), max_size=7, unique=True)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A graph of diseases, therapies and cells, with statements that may be negated or hedged."""
    world = World().has(*DISEASES, category="risk_or_adverse_outcome").has(*THERAPIES, category="therapy")
    world.has(*CELLS, category="cell_type").has(GROUPING, groups=(DISEASES[0],), under=DISEASES[4])
    for chain in (DISEASES, THERAPIES, CELLS):
        for lower, upper in draw(steps_between(len(chain))):
            status = draw(st.sampled_from(["established", "established", "reported"]))
            world.states(chain[lower], "subclass_of", chain[upper], source="mondo", status=status)
    for lower, upper in draw(steps_between(len(CELLS))):
        world.states(CELLS[lower], "develops_from", CELLS[upper], source="cl")
    stated = st.tuples(
        st.sampled_from(THERAPIES),
        st.sampled_from(["treats", "has_adverse_event", "prevents"]),
        st.sampled_from(DISEASES),
        st.booleans(),
        st.sampled_from([None, "autologous", "allogeneic"]),
    )
    for therapy, predicate, disease, negated, donor_type in draw(st.lists(stated, max_size=8, unique=True)):
        qualifiers = {} if donor_type is None else {"donor_type": donor_type}
        world.states(therapy, predicate, disease, negated=negated, qualifiers=qualifiers)
    return world


ANY_WORLD = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Oracle:
    """The rules read again, on plain sets."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by_id = {each.id: each for each in world.associations}

    def above(
        self, entity: str, along: Iterable[str], *, groupings: bool = False, barred: set[str] = frozenset()
    ) -> set[str]:  # type: ignore[assignment]
        """What can be reached upward, the entity itself not counted."""
        along, found, waiting = set(along), set[str](), [entity]
        while waiting:
            here = waiting.pop()
            nexts = {
                each.object.id
                for each in self.world.associations
                if each.subject.id == here
                and each.predicate in along
                and not each.negated
                and each.status == "established"
            }
            if groupings:
                nexts |= {
                    upper
                    for lower, upper in ((DISEASES[0], GROUPING), (GROUPING, DISEASES[4]))
                    if lower == here
                }
            for each in nexts - found - barred - {entity}:
                found.add(each)
                waiting.append(each)
        return found

    def barred(self, rule: ClosureRule) -> set[str]:
        return {each for stop in rule.stops_at for each in {stop, *self.above(stop, ["subclass_of"])}}

    def leads(self, rule: ClosureRule, asked: str, stated: str, *, groupings: bool) -> bool:
        """Whether a rule leads from what is asked to what is stated."""
        lower, upper = (asked, stated) if rule.direction == "downward" else (stated, asked)
        barred = self.barred(rule)
        if stated in barred or (asked in barred and rule.direction == "downward"):
            return False
        above = self.above(lower, rule.along, groupings=groupings and rule.groupings, barred=barred - {upper})
        return upper in above

    def donor_types(self, entity: str) -> set[str]:
        lineage = {entity, *self.above(entity, ["subclass_of"])}
        return {name for name, curies in RULES.donor_types.entities.items() if lineage & set(curies)}

    def blocked(self, row: Association, rule: ClosureRule, asked: str, *, groupings: bool) -> bool:
        if rule.moves == "subject":
            stated, other = row.subject.id, row.object.id
        else:
            stated, other = row.object.id, row.subject.id
        if "donor_type" in rule.blocked_by:
            own, said = self.donor_types(asked), row.qualifiers.get("donor_type")
            if own and said is not None and said not in own:
                return True
        if "negated" not in rule.blocked_by or row.negated:
            return False
        using = groupings and rule.groupings
        for denial in self.world.associations:
            if not denial.negated or denial.predicate != row.predicate:
                continue
            ends = denial.subject.id, denial.object.id
            between, covered = ends if rule.moves == "subject" else ends[::-1]
            covers = covered == other or covered in self.above(other, ["subclass_of"])
            on_the_way = between == asked or between in self.above(asked, rule.along, groupings=using)
            if covers and on_the_way and stated in self.above(between, rule.along, groupings=using):
                return True
        return False

    def expected(self, end: str, asked: str, *, groupings: bool = False) -> set[tuple[str, bool]]:
        """CURIE of each association that answers for an entity at one end, and whether it is direct."""
        found: set[tuple[str, bool]] = set()
        for row in self.world.associations:
            stated = row.subject.id if end == "subject" else row.object.id
            if stated == asked:
                found.add((row.id, True))
            elif any(
                self.allowed(row, rule, end, asked, stated, groupings=groupings) for rule in RULES.rules
            ):
                found.add((row.id, False))
        return found

    def allowed(
        self, row: Association, rule: ClosureRule, end: str, asked: str, stated: str, *, groupings: bool
    ) -> bool:
        category = self.world.entities[asked].categories[0]
        return (
            rule.moves == end
            and row.predicate in rule.predicates
            and (not rule.asked or category in rule.asked)
            and self.leads(rule, asked, stated, groupings=groupings)
            and not self.blocked(row, rule, asked, groupings=groupings)
        )

    def check_path(self, row: Association, inherited: Inheritance) -> None:
        """The path is what the rule allows, from the particular to the general."""
        rule = RULES.rule(inherited.rule)
        stated = row.subject.id if inherited.end == "subject" else row.object.id
        lower, upper = (
            (inherited.entity.id, stated) if rule.direction == "downward" else (stated, inherited.entity.id)
        )
        assert rule.moves == inherited.end
        assert row.predicate in rule.predicates
        assert inherited.path
        assert (inherited.path[0].subject.id, inherited.path[-1].object.id) == (lower, upper)
        for step, after in zip(inherited.path, inherited.path[1:], strict=False):
            assert step.object.id == after.subject.id
        inside = {step.object.id for step in inherited.path[:-1]}
        assert not inside & self.barred(rule)
        for step in inherited.path:
            if step.relation == "grouped_under":
                assert rule.groupings
                assert step.ontology == "groupings"
                assert step.association is None
                continue
            association = self.by_id[str(step.association)]
            assert (association.subject.id, association.object.id) == (step.subject.id, step.object.id)
            assert association.predicate == step.relation
            assert step.relation in rule.along
            assert not association.negated
            assert association.status == "established"
            assert step.ontology == association.source


def answers(found: InheritedAssociations) -> set[tuple[str, bool]]:
    return {(each.id, each.inherited is None) for each in found}


@given(world=worlds(), asked=st.sampled_from(ENTITIES), groupings=st.booleans())
@ANY_WORLD
def test_closure_finds_what_the_rules_allow_and_nothing_else(
    world: World, asked: str, groupings: bool
) -> None:
    oracle = Oracle(world)
    for end in ("subject", "object"):
        found = world.found(**{end: asked}, groupings=groupings)
        assert answers(found) == oracle.expected(end, asked, groupings=groupings)
        for each in found:
            if each.inherited is not None:
                oracle.check_path(each, each.inherited)


@given(world=worlds(), subject=st.sampled_from(THERAPIES), object_=st.sampled_from(DISEASES))
@ANY_WORLD
def test_paths_keep_their_rules_where_both_ends_are_moved(world: World, subject: str, object_: str) -> None:
    oracle = Oracle(world)
    for each in world.found(subject=subject, object=object_):
        ends = {"subject": each.subject.id, "object": each.object.id}
        move = each.inherited
        while move is not None:
            oracle.check_path(each, move)
            ends[move.end] = move.entity.id
            move = move.other_end
        assert ends == {"subject": subject, "object": object_}


@given(world=worlds(), asked=st.sampled_from(ENTITIES))
@ANY_WORLD
def test_a_negated_row_never_becomes_a_positive_one_nor_a_triple(world: World, asked: str) -> None:
    negated = {each.id for each in world.associations if each.negated}
    for each in world.found(entity=asked):
        assert each.negated == (each.id in negated)
        if each.negated:
            assert not list(inferred_quads(each))
    assert not negated & {each.id for each in every_inference(world.index)}
    assert not negated & {
        step.association
        for each in world.found(entity=asked)
        if each.inherited is not None
        for step in each.inherited.path
    }


@given(world=worlds())
@ANY_WORLD
def test_every_inference_is_what_closure_finds_entity_by_entity(world: World) -> None:
    written = {
        (each.id, each.inherited.end, each.inherited.entity.id)
        for each in every_inference(world.index)
        if each.inherited is not None
    }
    found = {
        (each.id, end, asked)
        for asked in ENTITIES
        for end in ("subject", "object")
        for each in world.found(**{end: asked}, negated=False)
        if each.inherited is not None and not RULES.rule(each.inherited.rule).transitive
        if asked not in {each.subject.id, each.object.id}
    }
    assert written == {each for each in found if each[2] != GROUPING}
