//! Two homes on this machine with a seeded family, to look at and for browser tests: real clock, real delivery, and a fake
//! model server to talk to.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a demo speaks to the person in the terminal"
)]

use clap::Parser;
use hearth_tests::home::{HomeOptions, TestHome};
use hearth_tests::{World, family};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc;

/// Two homes with a family in them.
#[derive(Debug, Parser)]
#[command(name = "hearth-demo", version)]
struct Cli {
    /// Where to keep the two homes; a temporary folder if not given. A folder that was used before is opened as it was left.
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// Port of the first home's window; 0 for a free one.
    #[arg(long, default_value_t = 7351)]
    port_a: u16,
    /// Port of the second home's window; 0 for a free one.
    #[arg(long, default_value_t = 7352)]
    port_b: u16,
    /// Port of the fake model server; 0 for a free one.
    #[arg(long, default_value_t = 7353)]
    model_port: u16,
    /// The built window.
    #[arg(long, default_value = "ui/dist")]
    ui_dir: PathBuf,
    /// Milliseconds between two words of the fake model.
    #[arg(long, default_value_t = 45)]
    pace: u64,
    /// Ends when everything is there, instead of waiting for Ctrl-C.
    #[arg(long)]
    once: bool,
}

#[tokio::main]
async fn main() {
    let cli = Cli::parse();
    let temporary = cli.data_dir.is_none().then(|| tempfile::tempdir().unwrap());
    let dir = match (&cli.data_dir, &temporary) {
        (Some(dir), _) => dir.clone(),
        (None, Some(made)) => made.path().to_owned(),
        (None, None) => return,
    };
    let model = family::model(Duration::from_millis(cli.pace), cli.model_port).await;
    let world = World::live(Some(&cli.ui_dir));
    let open = |name: &str, folder: &str, port| {
        let mut options = HomeOptions::new(name);
        options.dir = Some(dir.join(folder));
        options.ui_port = Some(port);
        world.open(options)
    };
    let hill = open(family::HILL_HOUSE, "hill-house", cli.port_a).await;
    let lake = open(family::LAKE_HOUSE, "lake-house", cli.port_b).await;
    if !hill.node().is_set_up().await.unwrap() {
        println!("Moving in …");
        family::settle(&world, &hill, &lake, &model).await;
    }
    for home in [&hill, &lake] {
        println!("{}  {}", home.name(), home.ui_url());
        for (username, password) in family::sign_ins(&home.name()) {
            println!("    {username} / {password}");
        }
    }
    println!("Model server  {}", model.url());
    if !Path::new(&cli.ui_dir).join("index.html").is_file() {
        println!("The window is not built: run `cargo xtask ui`.");
    }
    println!("Ready.");
    if !cli.once {
        println!(
            "Type 1 or 2 and Enter to switch that home off, and again to switch it on. Ctrl-C ends both."
        );
        let mut lines = typed();
        loop {
            let line = tokio::select! {
                _ = tokio::signal::ctrl_c() => break,
                line = lines.recv() => line,
            };
            match line.as_deref().map(str::trim) {
                Some("1") => switch(&hill).await,
                Some("2") => switch(&lake).await,
                Some(_) => println!("1 is {}, 2 is {}.", hill.name(), lake.name()),
                // Nobody types: only Ctrl-C is left.
                None => {
                    let _ = tokio::signal::ctrl_c().await;
                    break;
                }
            }
        }
    }
    for home in [&hill, &lake] {
        if !home.is_running() {
            home.start().await;
        }
    }
    world.close().await;
}

/// What is typed, a line each. On a thread of its own, which the end of the program does not wait for.
fn typed() -> mpsc::Receiver<String> {
    let (said, lines) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if said.blocking_send(line).is_err() {
                break;
            }
        }
    });
    lines
}

/// Switches a home off or on, as its family would the computer that it is on.
async fn switch(home: &TestHome) {
    if home.is_running() {
        home.stop().await;
        println!("{} is off. What is written elsewhere waits for it.", home.name());
    } else {
        home.start().await;
        println!("{} is on again: {}", home.name(), home.ui_url());
    }
}
