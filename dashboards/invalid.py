"""Pure: what the shapes of requests find amiss, as a problem."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.problem import SENTENCE_MAX, Problem, unfit
from dashboards.words import Unfit

# By the sort of the fault as Pydantic names it; what stands in no row is quoted in its own words.
IN_INDONESIAN: Mapping[str, str] = {
    "missing": "wajib diisi",
    "extra_forbidden": "tidak dikenal",
    "string_too_short": "paling sedikit {min_length} huruf",
    "string_too_long": "paling banyak {max_length} huruf",
    "string_type": "harus berupa teks",
    "string_pattern_mismatch": "bentuknya salah",
    "int_parsing": "harus bilangan bulat",
    "int_type": "harus bilangan bulat",
    "float_parsing": "harus bilangan",
    "float_type": "harus bilangan",
    "bool_parsing": "harus ya atau tidak",
    "greater_than": "harus lebih dari {gt}",
    "greater_than_equal": "paling kecil {ge}",
    "less_than": "harus kurang dari {lt}",
    "less_than_equal": "paling besar {le}",
    "literal_error": "bukan salah satu dari {expected}",
    "enum": "bukan salah satu dari {expected}",
    "too_short": "paling sedikit {min_length}",
    "too_long": "paling banyak {max_length}",
    "uuid_parsing": "bukan UUID",
    "json_invalid": "bukan JSON",
}


def invalid(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Every fault with its place. The input itself is left out: it may be anything, even what JSON cannot carry."""
    faults = [{"where": ".".join(map(str, error["loc"])), "message": error["msg"]} for error in errors]
    indonesian = " ".join(_in_indonesian(error, fault) for error, fault in zip(errors, faults, strict=True))
    english = "; ".join(f"{fault['where']}: {fault['message']}" for fault in faults)
    return Problem(422, (indonesian[:SENTENCE_MAX], english[:SENTENCE_MAX]), members={"errors": faults})


def _in_indonesian(error: Mapping[str, Any], fault: Mapping[str, str]) -> str:
    context = error.get("ctx", {})
    if isinstance(context.get("error"), Unfit):
        return f"{fault['where']}: {context['error'].in_indonesian}."
    if known := IN_INDONESIAN.get(error["type"]):
        return f"{fault['where']}: {known.format_map(context)}."
    return unfit(fault["where"], fault["message"])[0]
