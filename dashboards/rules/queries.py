"""The statements about rules that operators made."""

RULE_COLUMNS = "name, body as terms, enabled, created_at, created_by, changed_at, changed_by"

# Rules that operators made, and one of them.
RULES = f"select {RULE_COLUMNS} from rule order by name"  # noqa: S608  put together from this file's constants

RULE = f"select {RULE_COLUMNS} from rule where name = %(name)s"  # noqa: S608  put together from this file's constants

# A new one, where the name is free and there are not too many.
ADD_RULE = f"""
insert into rule (name, body, enabled, created_at, created_by, changed_at, changed_by)
select %(name)s, %(terms)s, %(enabled)s, %(now)s, %(who)s, %(now)s, %(who)s
where (select count(*) from rule) < %(most)s
on conflict (name) do nothing returning {RULE_COLUMNS}
"""  # noqa: S608  put together from this file's constants

# Another body for it.
CHANGE_RULE = f"""
update rule set body = %(terms)s, enabled = %(enabled)s, changed_at = %(now)s, changed_by = %(who)s
where name = %(name)s returning {RULE_COLUMNS}
"""  # noqa: S608  put together from this file's constants

REMOVE_RULE = "delete from rule where name = %(name)s returning body"
