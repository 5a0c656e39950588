"""What people and scripts see: the HTTP API, the live stream, the first page. It shows, and observes nothing itself."""
