"""Who may do what: accounts, tokens, kiosks, sign-in elsewhere, and what the audit log tells. The door is auth.py."""
