//! Who may import whom (`ARCHITECTURE.md`): every path in `src/` is read, wherever it stands, and an arrow that points up is
//! an error. Test modules obey the same rules.

mod rules;
mod source;
mod tree;

use rules::{FACE, LAYERS, TOP, arrows, objections, room};
use source::tokens;
use std::collections::BTreeSet;
use tree::{File, files, modules_in, read};

/// Lines of source before the tests of a file.
const LONGEST: usize = 400;

/// Longer files, and why.
const LONGER: [(&str, &str); 1] = [("src/entra/codes.rs", "one table: what each AADSTS number means")];

#[test]
fn imports_point_down() {
    let files = files();
    assert_eq!(
        objections(&files),
        "",
        "\nsee `ARCHITECTURE.md`; the rooms and their order stand in this test"
    );
    let arrows = arrows(&files);
    assert!(
        files.len() > 50 && arrows.len() > 100,
        "{} files, {} arrows: is everything read?",
        files.len(),
        arrows.len()
    );
}

#[test]
fn every_room_is_there() {
    let have: BTreeSet<_> = files()
        .iter()
        .map(|file| room(&file.path))
        .filter(|room| !TOP.contains(&room.as_str()))
        .collect();
    let known: BTreeSet<_> = LAYERS.concat().into_iter().chain([FACE]).map(str::to_owned).collect();
    assert_eq!(have, known);
}

#[test]
fn files_are_short() {
    for File { path, text } in files() {
        let lines = before_tests(&text);
        let longer = LONGER.iter().any(|(longer, _)| *longer == path);
        assert_eq!(
            lines > LONGEST,
            longer,
            "{path}: {lines} lines of source, at most {LONGEST}: one idea per file"
        );
    }
    let lines = read("src/main.rs").lines().count();
    assert!(
        lines < 25,
        "src/main.rs: {lines} lines; it brings the real world and calls `run`, nothing else"
    );
}

#[test]
fn every_face_flow_and_verb_has_its_row() {
    for (folder, table) in [("face", "FACES"), ("flow", "FLOWS")] {
        let mut modules = modules_in(&format!("src/{folder}"));
        // They share some files; one with a row is a flow, or a face.
        let brings_row = |path: &str| tree::root().join(path).exists() && has_row(&read(path));
        modules.retain(|module| {
            brings_row(&format!("src/{folder}/{module}.rs")) || brings_row(&format!("src/{folder}/{module}/mod.rs"))
        });
        let rows = rows(&read(&format!("src/{folder}/mod.rs")), table);
        assert_eq!(rows, modules, "the rows of `{table}` and the files in src/{folder}/");
    }
    assert_eq!(
        entra_token::face::FACES.len(),
        rows(&read("src/face/mod.rs"), "FACES").len()
    );
    assert!(has_row("pub const ROW: Row = Row {};") && !has_row("// const ROW"));
    assert_eq!(
        entra_token::flow::FLOWS.len(),
        rows(&read("src/flow/mod.rs"), "FLOWS").len()
    );

    // Verbs share some files; one that acts is a verb's.
    let mut verbs = modules_in("src/cli");
    verbs.retain(|module| acts(&format!("src/cli/{module}.rs")) || acts(&format!("src/cli/{module}/mod.rs")));
    assert_eq!(
        rows(&read("src/cli/mod.rs"), "VERBS"),
        verbs,
        "the rows of `VERBS` and the verbs in src/cli/"
    );
    assert!(verbs.len() > 5);
}

#[test]
fn files_and_tables_are_read_right() {
    assert_eq!(before_tests("a\nb\n\n#[cfg(test)]\nmod tests {\n}\n"), 3);
    assert_eq!(before_tests("a\n#[cfg(test)]\nmod fake;\nb\n"), 4);
    assert_eq!(
        rows(
            "mod b;\nconst T: [Row; 2] = [a::ROW, b::c::ROW];\nconst U: [Row; 1] = [d::ROW];",
            "T"
        ),
        ["a", "b"]
    );
}

/// Whether a file brings a row of a table.
fn has_row(text: &str) -> bool {
    tokens(text)
        .windows(2)
        .any(|w| w[0].text == "const" && ["ROW", "FACE"].contains(&w[1].text.as_str()))
}

/// Whether a file reads a verb's flags and acts on them.
fn acts(path: &str) -> bool {
    let text = std::fs::read_to_string(tree::root().join(path)).unwrap_or_default();
    tokens(&text)
        .windows(3)
        .any(|w| [&w[0].text, &w[1].text, &w[2].text] == ["impl", "Act", "for"])
}

/// The modules that a table names first in each of its rows, sorted.
fn rows(text: &str, table: &str) -> Vec<String> {
    let tokens = tokens(text);
    let words: Vec<_> = tokens.iter().map(|token| token.text.as_str()).collect();
    let begin = words
        .windows(2)
        .position(|pair| pair == ["const", table])
        .unwrap_or_else(|| panic!("no `const {table}`"));
    let value = words[begin..]
        .iter()
        .skip_while(|word| **word != "=")
        .take_while(|word| **word != ";")
        .collect::<Vec<_>>();
    let mut rows: Vec<_> = value
        .windows(3)
        .filter(|w| *w[2] == "::" && *w[0] != "::" && w[1].starts_with(char::is_lowercase))
        .map(|w| (*w[1]).to_owned())
        .collect();
    rows.sort();
    rows
}

/// Lines before the tests at the end of a file.
fn before_tests(text: &str) -> usize {
    let lines: Vec<_> = text.lines().collect();
    let tests = lines
        .windows(2)
        .position(|w| w[0] == "#[cfg(test)]" && w[1].starts_with("mod ") && w[1].ends_with('{'));
    tests.unwrap_or(lines.len())
}
