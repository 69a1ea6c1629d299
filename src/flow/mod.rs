//! Ways to get a token: a file and a row each, and what several of them need. A flow never reads the cache.

pub mod page;
pub mod redirect;
pub mod refresh;

/// One way.
pub struct Row {
    /// The word by which a login remembers it and a person chooses it.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
}

/// Every way.
pub const FLOWS: [Row; 1] = [refresh::ROW];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique() {
        let names: BTreeSet<_> = FLOWS.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), FLOWS.len());
    }
}
