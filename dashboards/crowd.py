"""Pure: how many streams may be open, and how many for one: a program gone wrong must leave the wall a place."""

from collections.abc import Collection
from dataclasses import dataclass

from dashboards.problem import RETRY_SECONDS, Problem
from dashboards.words import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """`most` over all, `of_one` for one holder; and what is said where there are as many."""

    most: int
    of_one: int
    full: Sentence
    enough: Sentence

    def refusal(self, holders: Collection[str], holder: str) -> Problem | None:
        """Why `holder` may open no other, where `holders` have the open ones, each as often as it has any."""
        if sum(one == holder for one in holders) >= self.of_one:
            return Problem(429, self.enough, headers={"Retry-After": RETRY_SECONDS})
        if len(holders) >= self.most:
            return Problem(503, self.full, headers={"Retry-After": RETRY_SECONDS})
        return None
