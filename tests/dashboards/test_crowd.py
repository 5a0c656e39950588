"""How many streams may be open, and how many of them for one."""

from dashboards.auth import Visitor
from dashboards.crowd import Bounds
from dashboards.roles import Role

BOUNDS = Bounds(most=4, of_one=2, full=("penuh", "full"), enough=("cukup", "enough"))


def _refused(holders: list[str], holder: str) -> tuple[int, str] | None:
    problem = BOUNDS.refusal(holders, holder)
    return problem and (problem.status, str(problem))


def test_one_that_has_as_many_as_it_may_is_refused_and_another_is_not() -> None:
    assert _refused(["script"], "script") is None
    assert _refused(["script", "script"], "script") == (429, "enough")
    assert _refused(["script", "script"], "wall") is None
    assert _refused(["a", "b", "c", "d"], "wall") == (503, "full")


def test_an_account_is_one_however_often_it_signs_in_and_each_screen_of_a_token_is_its_own() -> None:
    def holder(kind: str, token: int) -> str:
        return Visitor(token=token, name="dinding", kind=kind, role=Role.WALL, technician=None).holder

    assert holder("session", 1) == holder("session", 2)
    assert holder("bearer", 1) not in {holder("session", 1), holder("kiosk", 1)}
    assert holder("kiosk", 1) != holder("kiosk", 2)
