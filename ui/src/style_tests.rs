//! Recomputes what `styles/tokens.css` promises: the contrast of every pair of colours that components use, in both
//! themes, by WCAG 2.2; and that the two ways into the dark theme say the same.

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../styles/tokens.css");

type Colours = BTreeMap<String, String>;

fn declarations(block: &str) -> Colours {
    block
        .split([';', '{', '}'])
        .filter_map(|line| line.rsplit("*/").next())
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": "))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

/// The block after a marker, to the end of its braces.
fn block_after(marker: &str) -> Colours {
    let (_, from) = TOKENS
        .split_once(marker)
        .unwrap_or_else(|| panic!("tokens.css has {marker:?}"));
    let (_, body) = from.split_once('{').unwrap();
    declarations(body.split_once('}').unwrap().0)
}

fn palette() -> Colours {
    block_after(":root ")
}

/// Palette, light, dark by attribute, dark by system.
fn themes() -> [Colours; 3] {
    let base = palette();
    let with = |theme: Colours| {
        let mut all = base.clone();
        all.extend(theme);
        all
    };
    [
        with(block_after("[data-theme=\"light\"] ")),
        with(block_after("[data-theme=\"dark\"] ")),
        with(block_after(":root:not([data-theme=\"light\"]) ")),
    ]
}

fn channels(colours: &Colours, name: &str) -> [f64; 3] {
    let value = colours
        .get(name)
        .unwrap_or_else(|| panic!("--{name} is declared"));
    if let Some(other) = value.strip_prefix("var(--").and_then(|v| v.strip_suffix(')')) {
        return channels(colours, other);
    }
    let hex = value
        .strip_prefix('#')
        .unwrap_or_else(|| panic!("--{name} is a colour: {value}"));
    [0, 2, 4].map(|at| {
        let byte = u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        let part = f64::from(byte) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    })
}

fn luminance(colours: &Colours, name: &str) -> f64 {
    let [r, g, b] = channels(colours, name);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(colours: &Colours, a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(colours, a), luminance(colours, b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

const GROUNDS: [&str; 4] = ["bg", "surface", "raised", "sunken"];

fn lowest(colours: &Colours, name: &str) -> f64 {
    GROUNDS
        .iter()
        .map(|ground| contrast(colours, name, ground))
        .fold(f64::MAX, f64::min)
}

fn assert_close(measured: f64, promised: f64, what: &str) {
    // The design rounds down.
    assert!(
        (promised - 0.05..promised + 0.1).contains(&measured),
        "{what}: {measured:.2}, promised {promised}"
    );
}

#[test]
fn the_contrast_of_every_pair_is_what_the_design_promises() {
    let [light, dark, _] = themes();
    for (name, l, d) in [
        ("text", 15.8, 13.9),
        ("text-2", 6.6, 10.8),
        ("text-3", 4.6, 8.1),
        ("accent", 5.4, 6.3),
        ("ai", 5.6, 6.7),
        ("ok", 5.5, 7.0),
        ("warn", 4.8, 8.4),
        ("danger", 5.8, 6.2),
        ("line-input", 3.1, 4.4),
        ("focus", 4.1, 6.7),
    ] {
        assert_close(lowest(&light, name), l, &format!("light --{name}"));
        assert_close(lowest(&dark, name), d, &format!("dark --{name}"));
    }
}

#[test]
fn text_on_colour_is_readable_in_both_themes() {
    let [light, dark, _] = themes();
    for (theme, colours) in [("light", &light), ("dark", &dark)] {
        for tone in ["accent", "ai", "danger"] {
            for fill in [format!("{tone}-fill"), format!("{tone}-fill-hover")] {
                let ratio = contrast(colours, "on-fill", &fill);
                assert!(ratio >= 5.9, "{theme} text on --{fill}: {ratio:.2}");
            }
        }
        for tone in ["accent", "ai", "ok", "warn", "danger"] {
            let ratio = contrast(colours, &format!("on-{tone}-soft"), &format!("{tone}-soft"));
            assert!(ratio >= 6.4, "{theme} text on --{tone}-soft: {ratio:.2}");
        }
        for (text, ground) in [
            ("on-selected", "selected"),
            ("on-selected-2", "selected"),
            ("on-selected-link", "selected"),
            ("on-inverse", "inverse"),
            ("on-inverse-2", "inverse"),
            ("inverse-accent", "inverse"),
        ] {
            let ratio = contrast(colours, text, ground);
            assert!(ratio >= 4.5, "{theme} --{text} on --{ground}: {ratio:.2}");
        }
        let knob = contrast(colours, "knob", "accent-fill");
        assert!(knob >= 3.0, "{theme} knob on its track: {knob:.2}");
        assert!(
            contrast(colours, "knob", "line-input") >= 3.0,
            "{theme} knob on the track when off"
        );
    }
}

#[test]
fn both_ways_into_the_dark_theme_are_the_same() {
    let [_, by_choice, by_system] = themes();
    assert_eq!(by_choice, by_system);
}

#[test]
fn both_themes_declare_the_same_tokens() {
    let light: Vec<String> = block_after("[data-theme=\"light\"] ").into_keys().collect();
    let dark: Vec<String> = block_after("[data-theme=\"dark\"] ").into_keys().collect();
    assert_eq!(light, dark);
}

/// Every style sheet of the window with its path.
fn sheets() -> Vec<(String, String)> {
    fn walk(dir: &std::path::Path, into: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|e| e == "css") {
                into.push((
                    path.display().to_string(),
                    std::fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    walk(&root.join("src"), &mut all);
    walk(&root.join("styles"), &mut all);
    all
}

#[test]
fn style_sheets_use_only_tokens_that_exist_and_no_palette_colours() {
    let [tokens, ..] = themes();
    // Set on elements by code or by a parent's style sheet.
    let mut declared: std::collections::BTreeSet<String> = tokens.keys().cloned().collect();
    let sheets = sheets();
    for (_, text) in &sheets {
        declared.extend(declarations(text).into_keys());
        for piece in text.split("--").skip(1) {
            if let Some((name, _)) = piece.split_once(':')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            {
                declared.insert(name.to_owned());
            }
        }
    }
    for (file, text) in &sheets {
        for piece in text.split("var(--").skip(1) {
            let name: String = piece
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
                .collect();
            let has_default = piece.get(name.len()..).is_some_and(|rest| rest.starts_with(','));
            assert!(
                has_default || declared.contains(&name),
                "{file} uses --{name}, which nobody declares"
            );
            let of_palette = palette().get(&name).is_some_and(|v| v.starts_with('#'));
            // Paper is a theme of its own.
            let may = ["tokens.css", "avatar.css", "print.css"]
                .iter()
                .any(|end| file.ends_with(end));
            assert!(
                may || !of_palette,
                "{file} uses the palette colour --{name}; take a semantic token"
            );
        }
    }
}

#[test]
fn emoji_come_in_colour_before_a_font_of_the_system_draws_them_in_black() {
    let all = palette();
    for name in ["font-text", "font-display", "font-mono"] {
        let fonts: Vec<&str> = all[name].split(',').map(str::trim).collect();
        let emoji = fonts.iter().position(|f| *f == "var(--font-emoji)");
        let generic = [
            "system-ui",
            "-apple-system",
            "ui-monospace",
            "sans-serif",
            "serif",
            "monospace",
        ];
        let first = fonts.iter().position(|f| generic.contains(f));
        assert!(
            emoji.is_some() && first.is_some() && emoji < first,
            "{name}: {fonts:?}"
        );
    }
    assert!(all["font-emoji"].contains("Noto Color Emoji"));
}
