"""Orders of sentences that are the same in every language."""

PERSONAL = (
    "{greeting}, {owner}. | {away} | {leave} | {bye}",
    "{greeting}, {owner}, {away} | {leave}",
    "{greeting}, {owner}. | {away} {leave} | {bye}",
    "{greeting}. | {away} | {leave} {bye}",
    "{greeting}, {owner}. | {leave} | {bye}",
    "{owner}. | {away} | {leave}",
    "{greeting}, {owner}, {away} {leave} {bye}",
    "{greeting}, {owner}. | {away} | {leave}",
    "{greeting}, {away} | {leave} | {bye}",
)
"""Greetings of people's own machines, after the whole ones of a language."""

NETWORK = (
    "{mailbox} | {absent} | {record}",
    "{mailbox} | {record}",
    "{mailbox} | {absent} {record}",
    "{absent} | {record}",
    "{mailbox} {absent} | {record}",
    "{greeting}. | {absent} | {record}",
)
"""Greetings of networks' mailboxes, likewise."""
