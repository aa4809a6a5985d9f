"""What goes in and comes out, one module for each resource: the only place that says it.

Requests are checked by these models, answers are written by them, and the OpenAPI document is made
of them.
"""
