"""Words every room shares: calendar and study-day arithmetic, durations, doses, body size, drug names."""
