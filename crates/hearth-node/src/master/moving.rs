//! Moving the master key into the computer's keychain and back.
//!
//! At every moment the key is whole in one place at least: it is written to the new one, read back from there and compared, and only
//! then forgotten in the old one. Cut short anywhere, the home opens as before or as wanted.

use super::{KEY_FILE, MasterKeyError, PARAMS_FILE, POINTER_FILE, Pointer};
use crate::keychain::{Keychain, KeychainError};
use hearth_api::ports::Entropy;
use hearth_federation::sealed::MasterKey;
use std::path::Path;
use subtle::ConstantTimeEq as _;

/// Moves the key of the home in `dir` from its file into the keychain. Nothing happens if it is there already.
///
/// # Errors
/// [`MasterKeyError::PassphraseNeeded`] if the key is derived from a passphrase, [`MasterKeyError::Keychain`] if the keychain does not
/// take it or gives back something else; the file is then as it was.
pub fn to_keychain(dir: &Path, keychain: &dyn Keychain, entropy: &dyn Entropy) -> Result<(), MasterKeyError> {
    let file = dir.join(KEY_FILE);
    if !file.exists() {
        if dir.join(PARAMS_FILE).exists() {
            return Err(MasterKeyError::PassphraseNeeded);
        }
        if super::read_pointer(dir)?.is_some() {
            return Ok(());
        }
    }
    let key = super::open(dir, None, keychain, entropy)?;
    // Of a move that was cut short.
    forget_pointer(dir, keychain)?;
    let mut name = [0; 16];
    entropy.fill(&mut name);
    let entry = format!("home-{}", data_encoding::HEXLOWER.encode(&name));
    keychain.write(&entry, &*key.to_secret_bytes())?;
    let kept = keychain
        .read(&entry)
        .is_ok_and(|bytes| bool::from(bytes.ct_eq(&*key.to_secret_bytes())));
    if !kept {
        // It may not even forget; what it has is of no use to the next try, which takes another name.
        let _ = keychain.remove(&entry);
        return Err(KeychainError::Unavailable("it did not keep what it was given".to_owned()).into());
    }
    let pointer = serde_json::to_vec(&Pointer { entry }).map_err(std::io::Error::other)?;
    super::write_private(&dir.join(POINTER_FILE), &pointer)?;
    std::fs::remove_file(&file)?;
    super::sync_dir(dir)?;
    Ok(())
}

/// Moves `key`, which is that of the home in `dir`, from the keychain into its file. Nothing happens if it is there already. The
/// keychain need not answer: what it keeps is then of no use to anybody who does not have the folder.
///
/// # Errors
/// [`MasterKeyError::Io`]; the key is then still in the keychain.
pub fn to_file(dir: &Path, key: &MasterKey, keychain: &dyn Keychain) -> Result<(), MasterKeyError> {
    let file = dir.join(KEY_FILE);
    if super::read_pointer(dir)?.is_none() {
        return Ok(());
    }
    if !file.exists() {
        super::write_private(&file, &*key.to_secret_bytes())?;
        let kept = zeroize::Zeroizing::new(std::fs::read(&file)?);
        if !bool::from(kept.ct_eq(&*key.to_secret_bytes())) {
            return Err(MasterKeyError::Damaged);
        }
    }
    forget_pointer(dir, keychain)
}

fn forget_pointer(dir: &Path, keychain: &dyn Keychain) -> Result<(), MasterKeyError> {
    let Some(pointer) = super::read_pointer(dir)? else {
        return Ok(());
    };
    std::fs::remove_file(dir.join(POINTER_FILE))?;
    super::sync_dir(dir)?;
    if let Err(error) = keychain.remove(&pointer.entry) {
        tracing::warn!(%error, "The keychain still has a key that is no longer needed there");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Place, for_backup, open, place};
    use super::*;
    use crate::keychain::fake::MemoryKeychain;
    use crate::system::SystemEntropy;

    struct Folder(tempfile::TempDir, MemoryKeychain);

    impl Folder {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap(), MemoryKeychain::default())
        }
        fn key(&self) -> [u8; 32] {
            *open(self.0.path(), None, &self.1, &SystemEntropy)
                .unwrap()
                .to_secret_bytes()
        }
        fn to_keychain(&self) -> Result<(), MasterKeyError> {
            to_keychain(self.0.path(), &self.1, &SystemEntropy)
        }
        fn to_file(&self, key: [u8; 32]) -> Result<(), MasterKeyError> {
            to_file(self.0.path(), &MasterKey::from_secret_bytes(key), &self.1)
        }
        fn place(&self) -> Place {
            place(self.0.path())
        }
        fn has(&self, name: &str) -> bool {
            self.0.path().join(name).exists()
        }
    }

    #[test]
    fn the_key_goes_into_the_keychain_and_back_and_stays_the_same() {
        let home = Folder::new();
        let key = home.key();
        home.to_keychain().unwrap();
        assert_eq!(home.place(), Place::Keychain);
        assert!(!home.has(KEY_FILE), "the file is gone");
        assert_eq!(home.1.len(), 1);
        assert_eq!(home.key(), key);
        home.to_keychain().unwrap();
        assert_eq!(home.1.len(), 1, "a second time changes nothing");
        home.to_file(key).unwrap();
        assert_eq!((home.place(), home.1.len()), (Place::KeyFile, 0));
        assert_eq!(home.key(), key);
        home.to_file(key).unwrap();
        assert_eq!(home.key(), key);
    }

    #[test]
    fn a_keychain_that_fails_leaves_the_file() {
        let home = Folder::new();
        let key = home.key();
        for trouble in [
            KeychainError::Locked,
            KeychainError::Unavailable("no bus".to_owned()),
        ] {
            home.1.fail_with(Some(trouble.clone()));
            assert!(matches!(home.to_keychain(), Err(MasterKeyError::Keychain(error)) if error == trouble));
            assert_eq!(home.place(), Place::KeyFile);
        }
        home.1.fail_with(None);
        home.1.forget_what_is_written(true);
        assert!(matches!(home.to_keychain(), Err(MasterKeyError::Keychain(_))));
        assert_eq!((home.place(), home.key()), (Place::KeyFile, key));
    }

    #[test]
    fn a_keychain_that_does_not_answer_never_makes_a_new_key() {
        let home = Folder::new();
        let key = home.key();
        home.to_keychain().unwrap();
        for trouble in [
            KeychainError::Missing,
            KeychainError::Locked,
            KeychainError::Unavailable("no bus".to_owned()),
        ] {
            home.1.fail_with(Some(trouble.clone()));
            assert!(matches!(
                open(home.0.path(), None, &home.1, &SystemEntropy),
                Err(MasterKeyError::Keychain(error)) if error == trouble
            ));
            assert!(!home.has(KEY_FILE), "nothing was made in its place");
        }
        assert!(matches!(
            open(home.0.path(), Some("phrase"), &home.1, &SystemEntropy),
            Err(MasterKeyError::NoPassphrase)
        ));
        // Back into the file it goes all the same, for the running home has it.
        home.to_file(key).unwrap();
        assert_eq!((home.place(), home.key()), (Place::KeyFile, key));
    }

    #[test]
    fn a_move_that_was_cut_short_leaves_a_home_that_opens() {
        let home = Folder::new();
        let key = home.key();
        home.to_keychain().unwrap();
        // As if the file had not been removed, or had just been written: both are there.
        super::super::write_private(&home.0.path().join(KEY_FILE), &key).unwrap();
        assert_eq!((home.place(), home.key()), (Place::KeyFile, key));
        home.to_keychain().unwrap();
        assert_eq!((home.place(), home.key()), (Place::Keychain, key));
        assert_eq!(home.1.len(), 1, "the entry of the first try is gone");
    }

    #[test]
    fn a_backup_has_the_key_wherever_it_is() {
        let home = Folder::new();
        let key = home.key();
        let file = for_backup(home.0.path(), &home.1).unwrap();
        home.to_keychain().unwrap();
        let keychain = for_backup(home.0.path(), &home.1).unwrap();
        assert_eq!(file, keychain);
        assert_eq!(keychain[0].1.as_slice(), key);
        home.1.fail_with(Some(KeychainError::Locked));
        assert!(matches!(
            for_backup(home.0.path(), &home.1),
            Err(MasterKeyError::Keychain(KeychainError::Locked))
        ));
    }

    #[test]
    fn a_home_with_a_passphrase_is_told_so() {
        let home = Folder::new();
        open(
            home.0.path(),
            Some("a phrase of some length"),
            &home.1,
            &SystemEntropy,
        )
        .unwrap();
        assert!(matches!(
            home.to_keychain(),
            Err(MasterKeyError::PassphraseNeeded)
        ));
        assert_eq!(home.place(), Place::Passphrase);
    }
}
