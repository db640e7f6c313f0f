//! The one place with SQL: connections, migrations, one file per table.
