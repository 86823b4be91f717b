"""Starts and stops what a demo and the tests run on: PostgreSQL, Valkey, web, worker and beat.

Standard library only, so that it works before anything else does; Django is only ever started as a child process.
`docs/runtime.md` tells what is started in which order, and what happens when a part or the whole dies.
"""
