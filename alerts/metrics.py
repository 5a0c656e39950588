"""What alerts tells Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

ACTIVE = Gauge("pantau_alerts_active", "1 while this process judges, 0 while it stands by.")
RELIEVED = Counter("pantau_alerts_relieved_total", "Sessions ended by this process because they judged no more.")
ROUND_SECONDS = Histogram(
    "pantau_alerts_round_seconds",
    "Reading, judging and storing, once.",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
JUDGED_AT = Gauge("pantau_alerts_judged_timestamp_seconds", "When the last round was committed.")
WITNESSES_REACHED = Gauge("pantau_alerts_witnesses_reached", "Witnesses that answered when they were last asked.")
STATE_CHANGES = Counter("pantau_alerts_state_changes_total", "Standings of devices that were stored.")
MAINTENANCE_REFUSED = Counter(
    "pantau_alerts_maintenance_refused_total", "Looks at rows of maintenance that say nothing."
)
SILENCES_REFUSED = Counter("pantau_alerts_silences_refused_total", "Looks at rows of silence that say nothing.")
SILENCES_ENDED = Counter("pantau_alerts_silences_recovered_total", "Silences that ended because all had recovered.")
OPEN = Gauge("pantau_alerts_open", "Alerts that are not resolved.", ["state"])
TRANSITIONS = Counter("pantau_alerts_transitions_total", "Alerts that took this state.", ["state"])
UNREACHABLE = Counter("pantau_alerts_unreachable_total", "Messages to people or channels that no channel leads to.")
UNROUTED = Counter("pantau_alerts_unrouted_total", "Alerts that fired and matched no route.")
RULE_FAILURES = Counter("pantau_alerts_rule_failures_total", "Judgements that a fault in a rule broke.", ["rule"])
RULES_REFUSED = Counter("pantau_alerts_rules_refused_total", "Looks at rows of rule that are no rules.")
SUMMARY_FAILURES = Counter("pantau_alerts_summary_failures_total", "Summaries that a device's data broke.")
STRANGERS = Counter("pantau_alerts_strangers_total", "Replies from people whom nobody knows.", ["channel"])
REPLIES_SET_ASIDE = Counter(
    "pantau_alerts_replies_set_aside_total", "Replies that could not be dealt with, nor ever will.", ["channel"]
)
DELIVERIES = Counter(
    "pantau_alerts_deliveries_total",
    "Attempts to deliver, by outcome: delivered, retried, failed.",
    ["channel", "outcome"],
)
DELIVERY_SECONDS = Histogram(
    "pantau_alerts_delivery_seconds",
    "From the commit of a notification to its delivery.",
    ["channel"],
    buckets=(0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 7_200),
)
