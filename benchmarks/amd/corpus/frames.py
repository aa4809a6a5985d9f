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
    "{owner}, {away} | {leave} | {bye}",
    "{greeting}! | {owner}. {away} | {leave} {bye}",
    "{greeting}, {away} {leave} | {bye}",
    "{owner}. {leave} {bye} | {away}",
    "{away} | {owner}, {leave} | {bye}",
    "{greeting}, {leave} | {owner}, {away}",
)
"""Greetings of people's own machines, after the whole ones of a language."""

NETWORK = (
    "{mailbox} | {absent} | {record}",
    "{mailbox} | {record}",
    "{mailbox} | {absent} {record}",
    "{absent} | {record}",
    "{mailbox} {absent} | {record}",
    "{greeting}. | {absent} | {record}",
    "{greeting}, {mailbox} | {absent} | {record}",
    "{absent} {record} | {bye}",
    "{mailbox} | {record} {bye}",
    "{greeting}. {mailbox} {absent} | {record}",
    "{absent} | {mailbox} | {record}",
    "{mailbox} {record}",
)
"""Greetings of networks' mailboxes, likewise."""

BRIEF = (
    "{owner}, {leave}",
    "{leave}",
    "{greeting}, {leave}",
    "{away}",
    "{leave} {bye}",
    "{owner}. {bye}",
    "{owner}, {bye}",
    "{greeting}, {away}",
    "{away} {bye}",
    "{greeting}, {owner}.",
    "{away} {leave}",
    "{leave}",
)
"""Brief greetings, likewise."""
