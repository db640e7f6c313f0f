//! Prepares Tauri's context; without the feature `desktop` there is nothing to prepare.

fn main() {
    #[cfg(feature = "desktop")]
    {
        // The context embeds the window's files and fails to compile without the folder; `cargo xtask ui` fills it.
        std::fs::create_dir_all("ui/dist").unwrap_or_else(|error| panic!("Creating ui/dist: {error}"));
        // A checkout made anew beside a target folder that was kept has no such folder: then this runs again.
        println!("cargo::rerun-if-changed=ui/dist");
        tauri_build::build();
    }
}
