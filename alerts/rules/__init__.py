"""What may be wrong, one file per kind of rule. Pure: a kind asks no database, it says what is to be asked for it."""
