"""What the switch asks of the web: accounts of agents' phones."""
