# Writes SHA256SUMS of the files in this folder. With a key (OpenPGP, without a passphrase) in KEY, packages and sums are signed, and
# its public half lies beside them as hearth-release.asc.
set -eu

key=
if [ -n "${KEY:-}" ]; then
  GNUPGHOME="$(mktemp -d)"
  export GNUPGHOME
  trap 'gpgconf --kill all; rm -rf "$GNUPGHOME"' EXIT
  printf '%s\n' "$KEY" | gpg --batch --quiet --import
  key="$(gpg --batch --with-colons --list-secret-keys | awk -F: '$1 == "fpr" { print $10; exit }')"
  gpg --batch --armor --export "$key" > hearth-release.asc
  # rpm would look for a `gpg2`, which Debian and Ubuntu do not have.
  rpmsign --define "_gpg_name $key" --define "__gpg $(command -v gpg)" --addsign ./*.rpm
  known="$(mktemp -d)"
  rpm --dbpath "$known" --import hearth-release.asc
  rpm --dbpath "$known" --checksig ./*.rpm
  rm -rf "$known"
fi
rm -f SHA256SUMS SHA256SUMS.asc
sums="$(sha256sum -- *)"
printf '%s\n' "$sums" > SHA256SUMS
if [ -n "$key" ]; then
  gpg --batch --local-user "$key" --armor --detach-sign SHA256SUMS
  gpg --batch --verify SHA256SUMS.asc SHA256SUMS
fi
