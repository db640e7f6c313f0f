//! `hearth`: the headless home and its command line.
//!
//! Exit codes: 0 done, 1 refused or failed (the message says why), 2 wrong use, 3 the home is not set up, 4 another Hearth uses
//! the folder. `hearth doctor` has its own: 0 all is well, 1 something waits, 2 something needs you.

mod access;
mod backup;
mod commands;
mod doctor;
mod homes;
mod output;
mod remove;
mod stop;

use clap::{Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// A family's own home on the network.
#[derive(Debug, Parser)]
#[command(name = "hearth", version, about = "A family's own home on the network.")]
struct Cli {
    /// The folder that holds the home (default: the system's place for application data).
    #[arg(long, env = "HEARTH_DATA_DIR", global = true)]
    data_dir: Option<PathBuf>,
    /// Prints answers as JSON.
    #[arg(long, global = true)]
    json: bool,
    /// A file with the passphrase that unlocks the key store.
    #[arg(long, env = "HEARTH_PASSPHRASE_FILE", global = true)]
    passphrase_file: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the home: listens for other homes and serves the window to browsers on this machine.
    Serve {
        /// Where to listen for other homes.
        #[arg(long, default_value = "[::]:7346")]
        listen: SocketAddr,
        /// Where to serve the window; loopback addresses only.
        #[arg(long, default_value = "127.0.0.1:7345")]
        ui: SocketAddr,
        /// Does not serve the window.
        #[arg(long)]
        no_ui: bool,
        /// The folder with the built window, where that is not beside the program or where the package `hearth-node` puts it.
        #[arg(long, env = "HEARTH_UI_DIR")]
        ui_dir: Option<PathBuf>,
        /// A host name that a reverse proxy uses for the window; may be given several times.
        #[arg(long = "ui-host")]
        ui_hosts: Vec<String>,
    },
    /// Creates the home and its owner; the password is read from standard input.
    Init {
        /// The home's name, as friends will see it.
        #[arg(long)]
        home: String,
        /// The owner's name.
        #[arg(long)]
        name: String,
        /// The owner's sign-in name.
        #[arg(long)]
        username: String,
        /// The owner's birth date, YYYY-MM-DD.
        #[arg(long)]
        birth_date: String,
    },
    /// Makes an invite for another home, valid 48 hours.
    Invite {
        /// Minutes until it expires, 15 to 10080.
        #[arg(long)]
        minutes: Option<u32>,
        /// Only for you, the owner: the other home is connected with nobody else of this one.
        #[arg(long)]
        person: bool,
    },
    /// Accepts another home's invite.
    Pair {
        /// The link, `hearth://i/…`, or a `.hearth-invite` file.
        link: String,
    },
    /// Lists paired homes.
    Peers,
    /// Agrees with a paired home on new keys now; otherwise they are renewed every 90 days.
    RenewKeys {
        /// The home: its name or nickname as `hearth peers` shows it, or its identity.
        home: String,
    },
    /// Tries at once to reach a home, or all of them, instead of waiting for the next try.
    Try {
        /// The home, as for `renew-keys`; all if none is named.
        home: Option<String>,
    },
    /// Sends nothing to other homes for a while; what they send still arrives, and what is written waits.
    Pause {
        /// For how many minutes, up to a day.
        #[arg(long, default_value_t = 60)]
        minutes: u32,
    },
    /// Ends that pause: what waits goes out.
    Resume,
    /// Blocks a home: both directions stop, and what it shared is hidden until it is unblocked.
    Block {
        /// The home, as for `renew-keys`.
        home: String,
    },
    /// Takes a block back; both homes catch up.
    Unblock {
        /// The home, as for `renew-keys`.
        home: String,
    },
    /// Removes a home for good: says what is lost, then reads the home's name and the owner's password from standard input.
    Remove {
        /// The home, as for `renew-keys`.
        home: String,
        /// Keeps what came from there, to be read only by those who can see it now.
        #[arg(long)]
        keep_copies: bool,
    },
    /// Opens the home to phones and other computers in your network, or closes it; `code` connects one device.
    Access {
        /// What to do.
        #[arg(value_enum, default_value = "show")]
        what: access::What,
        /// The port that devices use.
        #[arg(long)]
        port: Option<u16>,
    },
    /// Makes a code for somebody who forgot their password, to be typed at the sign-in page within a day: for the owner, or for the
    /// person named. Works on the home's folder, whether the home runs or not.
    ResetPassword {
        /// The name they sign in with; the owner if none is given.
        username: Option<String>,
        /// Takes their second step at sign-in away, too, for somebody who lost their phone and codes.
        #[arg(long)]
        remove_second_step: bool,
    },
    /// Says how the home is.
    Status,
    /// Moves the home's key into this computer's keychain, or back into its file. The key stays the same.
    Key {
        /// Where it is to lie.
        #[arg(value_parser = ["keychain", "file"])]
        place: String,
    },
    /// Looks at every part of the home and says what is wrong and what to do next. Exit code 0: all is well, 1: something
    /// waits, 2: something needs you.
    Doctor {
        /// Packs what helps somebody else to help (a `tar.zst`): no content, no name, no secret.
        #[arg(long)]
        bundle: Option<PathBuf>,
    },
    /// Makes an encrypted backup of everything and reads it back. The home may be running.
    Backup {
        /// The file, or a folder for it (default: the folder `backups` of the home).
        #[arg(long)]
        to: Option<PathBuf>,
        /// Puts in copies of other homes' files too, which can be fetched again.
        #[arg(long)]
        with_copies: bool,
        #[command(flatten)]
        secret: BackupSecret,
    },
    /// Restores a backup; the home must not be running. The present state is saved first.
    Restore {
        /// The `.hearth-backup` file.
        file: PathBuf,
        /// Only reads it whole and checks every byte.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        secret: BackupSecret,
    },
}

/// Where the passphrase of a backup comes from: a file, the environment variable `HEARTH_BACKUP_PASSPHRASE`, or else it
/// is asked for. Never an argument: those can be seen by everybody on the machine.
#[derive(Debug, clap::Args)]
struct BackupSecret {
    /// A file with the backup's passphrase.
    #[arg(long, env = "HEARTH_BACKUP_PASSPHRASE_FILE")]
    backup_passphrase_file: Option<PathBuf>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::fail(cli.json, &format!("Hearth cannot start: {error}"), 1),
    };
    runtime.block_on(commands::run(cli))
}
