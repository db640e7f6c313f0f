# A command as root, with the Rust of who calls it, in a checkout that is theirs.
set -eu
sudo git config --system --add safe.directory "$PWD"
exec sudo env "PATH=$PATH" "CARGO_HOME=${CARGO_HOME:-$HOME/.cargo}" "RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}" "$@"
