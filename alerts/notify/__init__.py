"""From a stored alert to a delivered message: routes, the outbox, the channels. Decides nothing about alerts."""
