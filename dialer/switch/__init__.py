"""FreeSWITCH's dialect: model commands to event-socket commands, events back."""
