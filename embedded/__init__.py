"""PostgreSQL and Valkey from their wheels, started and stopped for `make run` and `make test`.

Standard library only: nothing here imports Django or one of the rooms, because this room must work
before anything else is installed.
"""
