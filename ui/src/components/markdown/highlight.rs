//! Colours for code: comments, strings, numbers, words of the language. One small scanner for the families of languages
//! that people paste; what it does not know stays plain. Every byte comes out again, in order.

choices! {
    /// What a piece of code is.
    Kind {
        /// A comment.
        #[default]
        Comment => "comment",
        /// A string or character.
        Text => "text",
        /// A number.
        Number => "number",
        /// A word of the language.
        Word => "word",
        /// A name that is called, a tag, a key.
        Name => "name",
        /// A line that was added.
        Added => "added",
        /// A line that was removed.
        Removed => "removed",
    }
}

struct Family {
    line: &'static [&'static str],
    block: Option<(&'static str, &'static str)>,
    quotes: &'static [char],
    words: &'static str,
    /// Whether words are known in any case (SQL).
    any_case: bool,
}

const C_WORDS: &str = "abstract as async await auto base bool break byte case catch char checked class const constexpr continue \
    debugger decimal default defer delegate delete do double dyn elif else enum event explicit export extends extern false final finally \
    fixed float fn for foreach from func function get global go goto guard if impl implements implicit import in init inline instanceof int \
    interface internal is lateinit let lock long loop macro match mod module move mut mutable namespace native new nil noexcept null nullptr \
    object open operator out override package params private protected pub public range readonly ref register restrict return sealed \
    select self Self set short signed sizeof static string struct super suspend switch synchronized template this throw throws trait \
    transient true try type typedef typename typeof undefined union unsafe unsigned use using val var virtual void volatile when where \
    while with yield usize u8 u16 u32 u64 i8 i16 i32 i64 f32 f64 str";
const SCRIPT_WORDS: &str = "alias and as assert async await begin break case class continue declare def del do done elif else elsif end \
    ensure except esac export false False fi finally for from function global if import in is lambda local module next nil None nonlocal not \
    or pass raise redo require rescue retry return self super switch then true True try undef unless until use var when while with yield";
const SQL_WORDS: &str = "add all alter and as asc begin between by case check column commit constraint create cross database default delete \
    desc distinct drop else end exists foreign from full group having if in index inner insert integer into is join key left like limit not null \
    offset on or order outer primary references right rollback select set table text then transaction trigger union unique update using values \
    view when where with";
const LISP_WORDS: &str = "and cond def define defmacro defn defun do else false fn if lambda let letrec loop nil not ns or quote recur require set true when";
const FUNCTIONAL_WORDS: &str = "and as case class data def do else end exception false fun function fn forall functor if import in infix instance \
    let match module mutable newtype not of open or rec receive sig struct then true try type val when where with";

fn family(language: &str) -> Option<Family> {
    let c = |words| Family {
        line: &["//"],
        block: Some(("/*", "*/")),
        quotes: &['"', '\'', '`'],
        words,
        any_case: false,
    };
    let hash = |words| Family {
        line: &["#"],
        block: None,
        quotes: &['"', '\''],
        words,
        any_case: false,
    };
    Some(match language.to_ascii_lowercase().as_str() {
        "c" | "h" | "cpp" | "c++" | "cc" | "hpp" | "cs" | "csharp" | "c#" | "java" | "kotlin" | "kt"
        | "scala" | "swift" | "go" | "golang" | "js" | "javascript" | "jsx" | "mjs" | "ts" | "typescript"
        | "tsx" | "dart" | "php" | "groovy" | "gradle" | "objc" | "objective-c" | "d" | "zig" | "v"
        | "solidity" | "sol" | "glsl" | "hlsl" | "wgsl" | "cuda" | "proto" | "protobuf" | "thrift"
        | "verilog" | "systemverilog" | "arduino" | "vala" => c(C_WORDS),
        // A quote may be a lifetime: only double quotes are strings.
        "rust" | "rs" => Family {
            quotes: &['"'],
            ..c(C_WORDS)
        },
        "css" | "scss" | "less" | "json" | "jsonc" | "json5" => c("true false null important"),
        "py" | "python" | "python3" | "rb" | "ruby" | "sh" | "bash" | "zsh" | "shell" | "console"
        | "fish" | "perl" | "pl" | "r" | "elixir" | "ex" | "exs" | "crystal" | "nim" | "coffee"
        | "coffeescript" | "gdscript" | "julia" | "jl" | "awk" | "tcl" | "make" | "makefile" | "cmake"
        | "dockerfile" | "docker" | "nix" | "powershell" | "ps1" => hash(SCRIPT_WORDS),
        "toml" | "yaml" | "yml" | "ini" | "conf" | "properties" | "env" | "graphql" | "gql" | "terraform"
        | "tf" | "hcl" => {
            hash("true false null yes no on off type query mutation input resource variable output")
        }
        "sql" | "sqlite" | "mysql" | "postgres" | "postgresql" | "plsql" | "tsql" => Family {
            line: &["--"],
            block: Some(("/*", "*/")),
            quotes: &['\'', '"'],
            words: SQL_WORDS,
            any_case: true,
        },
        "hs" | "haskell" | "elm" | "purescript" | "lua" | "ada" | "vhdl" | "idris" | "agda" => Family {
            line: &["--"],
            block: None,
            quotes: &['"'],
            words: FUNCTIONAL_WORDS,
            any_case: false,
        },
        "ocaml" | "ml" | "fsharp" | "f#" | "fs" | "sml" => Family {
            line: &["//"],
            block: Some(("(*", "*)")),
            quotes: &['"'],
            words: FUNCTIONAL_WORDS,
            any_case: false,
        },
        "erlang" | "erl" | "tex" | "latex" | "matlab" | "octave" | "prolog" => Family {
            line: &["%"],
            block: None,
            quotes: &['"', '\''],
            words: FUNCTIONAL_WORDS,
            any_case: false,
        },
        "lisp" | "clojure" | "clj" | "scheme" | "racket" | "elisp" | "asm" | "nasm" => Family {
            line: &[";"],
            block: None,
            quotes: &['"'],
            words: LISP_WORDS,
            any_case: false,
        },
        "html" | "xml" | "svg" | "vue" | "svelte" => Family {
            line: &[],
            block: Some(("<!--", "-->")),
            quotes: &['"', '\''],
            words: "",
            any_case: false,
        },
        "vb" | "vbnet" | "basic" => Family {
            line: &["'"],
            block: None,
            quotes: &['"'],
            words: SQL_WORDS,
            any_case: true,
        },
        _ => return None,
    })
}

/// The pieces of code with what they are.
#[must_use]
pub fn pieces<'a>(code: &'a str, language: &str) -> Vec<(Option<Kind>, &'a str)> {
    if matches!(language, "diff" | "patch") {
        return diff(code);
    }
    // Long pastes stay plain: colour is not worth a slow page.
    match family(language).filter(|_| code.len() <= 100_000) {
        Some(family) => scan(code, &family),
        None => vec![(None, code)],
    }
}

fn diff(code: &str) -> Vec<(Option<Kind>, &str)> {
    code.split_inclusive('\n')
        .map(|line| match line.bytes().next() {
            Some(b'+') => (Some(Kind::Added), line),
            Some(b'-') => (Some(Kind::Removed), line),
            Some(b'@') => (Some(Kind::Word), line),
            _ => (None, line),
        })
        .collect()
}

fn scan<'a>(code: &'a str, family: &Family) -> Vec<(Option<Kind>, &'a str)> {
    let mut found: Vec<(Option<Kind>, &'a str)> = Vec::new();
    let mut rest = code;
    let mut plain = code;
    let mut plain_len = 0;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = token(rest, first, family);
        let (piece, after) = rest.split_at(length);
        if kind.is_some() {
            let (before, _) = plain.split_at(plain_len);
            if !before.is_empty() {
                found.push((None, before));
            }
            found.push((kind, piece));
            plain = after;
            plain_len = 0;
        } else {
            plain_len += length;
        }
        rest = after;
    }
    if !plain.is_empty() {
        found.push((None, plain));
    }
    found
}

/// What begins here and how many bytes it takes.
fn token(rest: &str, first: char, family: &Family) -> (Option<Kind>, usize) {
    if family.line.iter().any(|mark| rest.starts_with(mark)) {
        return (Some(Kind::Comment), rest.find('\n').unwrap_or(rest.len()));
    }
    if let Some((open, close)) = family.block
        && let Some(inside) = rest.strip_prefix(open)
    {
        let end = inside
            .find(close)
            .map_or(rest.len(), |at| open.len() + at + close.len());
        return (Some(Kind::Comment), end);
    }
    if family.quotes.contains(&first) {
        return (Some(Kind::Text), string_end(rest, first));
    }
    if first.is_ascii_digit() {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_')
            .unwrap_or(rest.len());
        return (Some(Kind::Number), end);
    }
    if first.is_alphabetic() || first == '_' {
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let known = family
            .words
            .split_ascii_whitespace()
            .any(|w| w == word || (family.any_case && w.eq_ignore_ascii_case(word)));
        let kind = if known {
            Some(Kind::Word)
        } else if after.starts_with('(') {
            Some(Kind::Name)
        } else {
            None
        };
        return (kind, end);
    }
    (None, first.len_utf8())
}

/// The end of a string that begins here; an unfinished one ends with its line, except for backticks.
fn string_end(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' if quote != '`' => return at,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str, language: &str) -> Vec<(Option<Kind>, String)> {
        let found = pieces(code, language);
        let joined: String = found.iter().map(|(_, t)| *t).collect();
        assert_eq!(joined, code, "every byte comes out again");
        found.into_iter().map(|(k, t)| (k, t.to_owned())).collect()
    }

    #[test]
    fn words_strings_numbers_and_comments_are_told_apart() {
        let found = of("let x = \"a\\\"b\"; // é\nfoo(42)", "rust");
        assert!(found.contains(&(Some(Kind::Word), "let".into())));
        assert!(found.contains(&(Some(Kind::Text), "\"a\\\"b\"".into())));
        assert!(found.contains(&(Some(Kind::Comment), "// é".into())));
        assert!(found.contains(&(Some(Kind::Name), "foo".into())));
        assert!(found.contains(&(Some(Kind::Number), "42".into())));
        assert!(of("SELECT 1", "sql").contains(&(Some(Kind::Word), "SELECT".into())));
        assert_eq!(of("anything 1", "klingon"), vec![(None, "anything 1".into())]);
    }

    #[test]
    fn unfinished_code_never_loses_a_byte() {
        for code in [
            "\"abc",
            "/* never ends",
            "'",
            "#",
            "x = `a\nb",
            "\\",
            "日本\"語",
            "1.",
            "<!--",
        ] {
            for language in ["rust", "js", "python", "html", "diff", ""] {
                of(code, language);
            }
        }
    }
}
