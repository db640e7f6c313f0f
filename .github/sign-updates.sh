# Signs files that the app is updated with, each for the version that is built; what is signed is named as arguments. The key is in
# TAURI_SIGNING_PRIVATE_KEY, its password in TAURI_SIGNING_PRIVATE_KEY_PASSWORD; nothing is built while they are there.
set -eu

# Which key it is, of the public half or of a signature (minisign's format, in base64 once more).
which_key() {
  base64 -d | sed -n 2p | base64 -d | head -c 10 | tail -c 8 | od -An -tx1
}

version="$(cargo pkgid --package hearth-desktop | sed 's/.*[#@]//')"
for file in "$@"; do
  cargo tauri signer sign --app-version "$version" "$file"
  if [ "$(which_key < "$file.sig")" != "$(printf '%s' "$HEARTH_UPDATE_KEY" | which_key)" ]; then
    echo "$file was signed by another key than the app expects: UPDATE_SIGNING_KEY and UPDATE_PUBLIC_KEY are no pair" >&2
    exit 1
  fi
done
