//! Migrations are numbered without a gap, and each is in the list that the database crate applies.

use super::{Findings, Tree};

pub(super) fn judge(tree: &Tree, findings: &mut Findings) {
    let names = tree
        .paths
        .iter()
        .filter_map(|path| path.strip_prefix("migrations/"))
        .filter(|name| name.ends_with(".sql"));
    for (index, name) in names.enumerate() {
        let path = format!("migrations/{name}");
        let expected = format!("{:04}_", index + 1);
        if !name.starts_with(&expected) {
            findings.fault(
                &path,
                0,
                format!("should be number {expected}…: one after the other, no gap"),
            );
        }
        let listed = tree
            .files
            .iter()
            .any(|file| file.path.starts_with("crates/hearth-db/src/") && file.text.contains(name));
        if !listed {
            findings.fault(&path, 0, "is not in the list of migrations of hearth-db");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_and_a_forgotten_migration_are_found() {
        let tree = Tree::of(&[
            ("migrations/0001_init.sql", ""),
            ("migrations/0003_more.sql", ""),
            (
                "crates/hearth-db/src/migrate.rs",
                "include_str!(\"../../../migrations/0001_init.sql\")",
            ),
        ]);
        assert_eq!(
            tree.faults(judge),
            [
                "migrations/0003_more.sql: should be number 0002_…: one after the other, no gap",
                "migrations/0003_more.sql: is not in the list of migrations of hearth-db",
            ]
        );
    }
}
