"""What is going on, told as it happens: one reader of the database feeds every screen. It judges and keeps nothing."""
