"""FreeSWITCH event socket: frames, events, commands and both ends of a connection."""
