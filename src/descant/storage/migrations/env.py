"""Run by Alembic, on the connection and in the transaction that ``Database.migrate`` opened."""

from alembic import context

from descant.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
