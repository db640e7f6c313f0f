//! Prepares Tauri's context; without the feature `desktop` there is nothing to prepare.

fn main() {
    #[cfg(feature = "desktop")]
    {
        // The context embeds the window's files and fails to compile without the folder; `cargo xtask ui` fills it.
        std::fs::create_dir_all("ui/dist").unwrap_or_else(|error| panic!("Creating ui/dist: {error}"));
        tauri_build::build();
    }
}
