"""PostgreSQL: functions that take a Session and read or write whole facts."""
