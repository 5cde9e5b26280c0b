"""Alembic's environment: runs on the connection that `chassis.migrate` hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table=f"alembic_{context.config.attributes['kind']}",
)
with context.begin_transaction():
    context.run_migrations()
