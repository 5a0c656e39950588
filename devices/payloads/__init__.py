"""One file per dialect: bytes from the wire become elements, or a fault. Pure; knows no device and no database."""
