//! The styles: `ui/styles/app.css`, then every `*.css` beside the Rust files, bundled into one file.
//!
//! A file under `ui/src/screens` goes into the layer `screens`, any other one under `ui/src` into `components`,
//! in the order of their paths; a file that names a layer itself is taken as it is. The order of the layers is
//! declared by `app.css`.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use lightningcss::bundler::{Bundler, ResolveResult, SourceProvider};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions};
use lightningcss::targets::{Browsers, Targets};

use crate::dist::{Stamp, files_below};

/// The oldest browsers that Hearth supports, in lightningcss' `major << 16 | minor << 8`.
const BROWSERS: Browsers = Browsers {
    android: None,
    chrome: Some(111 << 16),
    edge: None,
    firefox: Some(121 << 16),
    ie: None,
    ios_saf: Some((16 << 16) | (4 << 8)),
    opera: None,
    safari: Some((16 << 16) | (4 << 8)),
    samsung: None,
};

const ENTRY: &str = "styles/app.css";
const BUNDLE: &str = "bundle.css";

/// Every style sheet by its path below `ui/`, with a made-up entry that imports all of them.
pub(crate) struct Sources(BTreeMap<PathBuf, String>);

impl Sources {
    pub(crate) fn read(ui: &Path) -> Result<Self> {
        let mut sheets = BTreeMap::new();
        for folder in ["styles", "src"] {
            for (name, path) in files_below(&ui.join(folder))? {
                if path.extension().is_some_and(|extension| extension == "css") {
                    let text = std::fs::read_to_string(&path)
                        .with_context(|| format!("Reading {}", path.display()))?;
                    sheets.insert(Path::new(folder).join(name), text);
                }
            }
        }
        let entry = entry(&sheets);
        sheets.insert(PathBuf::from(BUNDLE), entry);
        Ok(Self(sheets))
    }

    pub(crate) fn stamp(&self, stamp: &mut Stamp) {
        for (path, text) in &self.0 {
            stamp.add(&path.to_string_lossy(), text.as_bytes());
        }
    }
}

fn entry(sheets: &BTreeMap<PathBuf, String>) -> String {
    let mut text = String::new();
    if sheets.contains_key(Path::new(ENTRY)) {
        text.push_str(&format!("@import \"{ENTRY}\";\n"));
    }
    for (path, sheet) in sheets {
        let name = path.to_string_lossy().replace('\\', "/");
        if !name.starts_with("src/") {
            continue;
        }
        let layer = match (sheet.contains("@layer"), name.starts_with("src/screens/")) {
            (true, _) => "",
            (false, true) => " layer(screens)",
            (false, false) => " layer(components)",
        };
        text.push_str(&format!("@import \"{name}\"{layer};\n"));
    }
    text
}

/// An `@import` that names no style sheet of ours.
#[derive(Debug)]
pub(crate) struct UnknownSheet(PathBuf);

impl fmt::Display for UnknownSheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no style sheet ui/{}", self.0.display())
    }
}

impl std::error::Error for UnknownSheet {}

impl SourceProvider for Sources {
    type Error = UnknownSheet;

    fn read<'a>(&'a self, file: &Path) -> Result<&'a str, UnknownSheet> {
        self.0
            .get(file)
            .map(String::as_str)
            .ok_or_else(|| UnknownSheet(file.to_owned()))
    }

    fn resolve(&self, specifier: &str, from: &Path) -> Result<ResolveResult, UnknownSheet> {
        let mut path = PathBuf::new();
        for part in from.with_file_name(specifier).components() {
            match part {
                Component::ParentDir => {
                    path.pop();
                }
                Component::CurDir => {}
                part => path.push(part),
            }
        }
        if self.0.contains_key(&path) {
            Ok(ResolveResult::File(path))
        } else {
            Err(UnknownSheet(path))
        }
    }
}

/// Bundles everything into one sheet for [`BROWSERS`], minified for a release.
pub(crate) fn bundle(sources: &Sources, release: bool) -> Result<String> {
    let targets = Targets::from(BROWSERS);
    let mut bundler = Bundler::new(sources, None, ParserOptions::default());
    let mut sheet = bundler
        .bundle(Path::new(BUNDLE))
        .map_err(|error| anyhow!("{error}"))
        .context("Bundling the styles")?;
    sheet
        .minify(MinifyOptions {
            targets,
            ..MinifyOptions::default()
        })
        .map_err(|error| anyhow!("{error}"))
        .context("Lowering the styles for the supported browsers")?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: release,
            targets,
            ..PrinterOptions::default()
        })
        .map_err(|error| anyhow!("{error}"))
        .context("Printing the styles")?;
    Ok(printed.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &str)]) -> Sources {
        let mut sheets: BTreeMap<PathBuf, String> = files
            .iter()
            .map(|(path, text)| (PathBuf::from(path), (*text).to_owned()))
            .collect();
        let entry = entry(&sheets);
        sheets.insert(PathBuf::from(BUNDLE), entry);
        Sources(sheets)
    }

    #[test]
    fn components_and_screens_land_in_their_layers_in_the_declared_order() -> Result<()> {
        let css = bundle(
            &sources(&[
                (
                    "styles/app.css",
                    "@layer base, screens, components;\n@import \"base.css\" layer(base);",
                ),
                ("styles/base.css", "body { margin: 0 }"),
                ("src/components/card/card.css", ".h-card { & .x { color: red } }"),
                ("src/screens/feed.css", ".h-feed { inset: 0 }"),
            ]),
            true,
        )?;
        let position = |needle: &str| {
            css.find(needle)
                .unwrap_or_else(|| panic!("{needle} is missing in {css}"))
        };
        assert!(position("@layer base{body{margin:0}}") < position("@layer screens{.h-feed{inset:0}}"));
        // The declared order holds, not that of the files.
        assert!(position("@layer screens{") < position("@layer components{.h-card .x{color:red}}"));
        Ok(())
    }

    #[test]
    fn a_sheet_with_its_own_layer_is_not_wrapped() -> Result<()> {
        let css = bundle(
            &sources(&[("src/a.css", "@layer utilities { .x { top: 0 } }")]),
            true,
        )?;
        assert_eq!(css, "@layer utilities{.x{top:0}}");
        Ok(())
    }

    #[test]
    fn a_missing_import_is_named() {
        let error = bundle(&sources(&[("styles/app.css", "@import \"../none.css\";")]), true).unwrap_err();
        assert!(format!("{error:#}").contains("ui/none.css"), "{error:#}");
    }
}
