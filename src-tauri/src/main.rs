//! The desktop shell: a window, a tray icon and native notifications around the node.
//!
//! No rule of the product is here. The window's page speaks to the node through one command ([`rpc`]), one for bytes
//! of uploads, and one scheme for pictures ([`media`]); the shell adds only what a page cannot do itself: the tray
//! ([`tray`]), notifications of the system ([`notify`]), the place of the window ([`window`]), links from outside
//! ([`links`]). The node runs in this process ([`host`]) and opens no port for its window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod again;
mod args;
mod autostart;
#[cfg(any(windows, test))]
mod badge;
#[cfg(any(target_os = "linux", test))]
mod bubbles;
mod desktop;
mod events;
mod handed;
mod host;
#[cfg(target_os = "linux")]
mod launcher;
mod links;
mod media;
mod notify;
mod place;
mod renderer;
#[cfg(any(test, target_os = "linux", target_os = "macos"))]
mod revive;
mod rpc;
mod spelling;
mod store;
mod tray;
mod update;
mod window;
mod wish;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use hearth_node::NodeConfig;
use hearth_node::config::WindowFiles;
use hearth_node::logs::{self, LogFormat};
use tauri::{App, AssetResolver, Manager as _, RunEvent, Wry};

use crate::host::Host;

/// The folder of the data, when it is not the usual one.
const DATA_DIR: &str = "HEARTH_DATA_DIR";

fn main() -> ExitCode {
    // Before anything is opened, logged or made.
    if let Some(told) = args::read(std::env::args().skip(1)).told {
        told.print();
        return ExitCode::SUCCESS;
    }
    #[cfg(target_os = "linux")]
    if !args::finds_screen(|name| std::env::var_os(name)) {
        return ExitCode::FAILURE;
    }
    if let Some(dir) = data_dir() {
        // Kept in the home's folder, for who helps.
        logs::start_with_file(LogFormat::Text, &dir);
        renderer::take_up(&store::Store::new(&dir));
    } else {
        logs::start(LogFormat::Text);
    }
    let mut builder = tauri::Builder::default();
    // First, so that a second start ends here before it touches the data. Elsewhere than on Linux the program has one name, so that a home
    // with a folder of its own would hand over to the usual one; there the folder's lock keeps a second start out.
    if cfg!(target_os = "linux") || own_data_dir().is_none() {
        builder = builder.plugin(single_instance());
    }
    if let Some(plugin) = update::plugin() {
        builder = builder.plugin(plugin);
    }
    #[cfg(target_os = "macos")]
    {
        builder = builder.on_web_content_process_terminate(|page| revive::died(page.app_handle(), "unknown"));
    }
    let result = builder
        // Before anything can ask for a page: on macOS a link comes as an event, also the one that starts the program.
        .manage(wish::Wish::default())
        .manage(handed::Handed::default())
        .register_asynchronous_uri_scheme_protocol(media::SCHEME, |context, request, responder| {
            media::serve(context.app_handle(), request, responder);
        })
        .invoke_handler(tauri::generate_handler![
            rpc::rpc,
            rpc::upload_chunk,
            rpc::listen_events,
            rpc::open_link,
            desktop::desktop_state,
            desktop::set_autostart,
            desktop::decline_autostart,
            desktop::set_keeps_running,
            desktop::answer_close,
            desktop::first_frame,
            desktop::listens,
            desktop::use_usual_renderer,
            desktop::open_again,
            handed::handed_backup,
            handed::read_handed_backup,
            handed::newest_backup,
            update::look_for_update,
            update::install_update,
            update::put_off_update,
            update::set_looks_for_updates
        ])
        .setup(|app| Ok(set_up(app)?))
        .on_window_event(window::on_event)
        .build(tauri::generate_context!());
    match result {
        Ok(app) => {
            app.run(|app, event| match event {
                // The last window is hidden, not closed: only Quit ends the program.
                RunEvent::ExitRequested { api, code: None, .. } => api.prevent_exit(),
                RunEvent::Exit => {
                    host::close(app);
                    renderer::again_if_wanted(app);
                }
                #[cfg(target_os = "macos")]
                RunEvent::Opened { urls } => {
                    let asked = urls.iter().map(ToString::to_string);
                    window::raise(app, handed::route_of(app, asked, Path::new("/")).as_deref());
                }
                // A click on the icon in the Dock, whose window may be hidden.
                #[cfg(target_os = "macos")]
                RunEvent::Reopen { .. } => window::raise(app, None),
                _ => {}
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "The window cannot be opened");
            ExitCode::FAILURE
        }
    }
}

/// Opens the node in the background and shows the window at once.
fn set_up(app: &mut App) -> tauri::Result<()> {
    let data_dir = match data_dir() {
        Some(dir) => dir,
        None => app.path().app_data_dir()?,
    };
    let host = Arc::new(Host::open(data_dir, window_files(app.asset_resolver())));
    app.manage(Arc::clone(&host));
    desktop::note_start(&host);
    app.manage(renderer::Guard::new());
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    app.manage(revive::Revival::default());
    app.manage(words::Language::of_system());
    app.manage(tray::Latest::default());
    let handle = app.handle().clone();
    #[cfg(any(windows, target_os = "macos"))]
    notify::introduce();
    #[cfg(target_os = "linux")]
    {
        app.manage(bubbles::Bubbles::default());
        app.manage(launcher::Launcher::default());
    }
    tray::build(&handle);
    let folder = std::env::current_dir().unwrap_or_default();
    let asked = args::read(std::env::args().skip(1));
    let others = again::unheard(host.store(), asked.others);
    let route = handed::route_of(&handle, others, &folder);
    let hidden = asked.hidden && !update::was_replaced(host.store());
    update::begin(&handle, &host);
    window::open(&handle, route.as_deref(), hidden)?;
    events::forward(handle.clone(), host);
    host::restart_when_restored(handle.clone());
    tauri::async_runtime::spawn(async move {
        asked_to_end().await;
        host::quit(&handle);
    });
    Ok(())
}

/// The window as it is in this program.
fn window_files(assets: AssetResolver<Wry>) -> WindowFiles {
    Arc::new(move || {
        assets
            .iter()
            .filter_map(|(path, _packed)| {
                let asset = assets.get(path.clone().into_owned())?;
                Some((format!("/{}", path.trim_start_matches('/')), asset.bytes))
            })
            .collect()
    })
}

/// Waits until the system or the terminal asks the program to end: at log-out, by Ctrl+C.
async fn asked_to_end() {
    let interrupted = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::warn!(%error, "An interrupt from the terminal will not be heard");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "The end of the session will not be heard");
                std::future::pending::<()>().await;
            }
        }
    };
    // The end of the session comes as the end of the program here; what was acknowledged is on the disk.
    #[cfg(windows)]
    let terminated = async {
        match tokio::signal::windows::ctrl_close() {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "The closing of the console will not be heard");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

/// The folder that the program was started with: as an argument, or by a variable.
fn own_data_dir() -> Option<PathBuf> {
    args::read(std::env::args().skip(1)).data_dir.or_else(|| {
        std::env::var_os(DATA_DIR)
            .filter(|dir| !dir.is_empty())
            .map(PathBuf::from)
    })
}

fn data_dir() -> Option<PathBuf> {
    own_data_dir().or_else(NodeConfig::default_data_dir)
}

/// Hands a second start over to the running program: its window comes to the front, at the link if there was one.
fn single_instance() -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let mut builder = tauri_plugin_single_instance::Builder::new().callback(|app, args, folder| {
        let asked = args::read(args.into_iter().skip(1));
        // A second start with the computer changes nothing.
        if !asked.hidden {
            window::raise(
                app,
                handed::route_of(app, asked.others, Path::new(&folder)).as_deref(),
            );
        }
    });
    // A home with a folder of its own is a home of its own, which may run beside the usual one.
    if let Some(dir) = own_data_dir() {
        builder = builder.dbus_id(format!("family.hearth.Hearth.at{}", links::name_of_folder(&dir)));
    }
    builder.build()
}
