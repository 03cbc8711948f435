//! The key that seals links: what it has sealed nobody else can read, change or make up.
//! Separate because it is the only cryptography here, and knows nothing of tasks.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Generate as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};

use super::LinkError;

/// The key of links: whoever makes them and whoever takes their answers have the same.
pub struct LinkKey(XChaCha20Poly1305);

/// The least characters of a secret, as of sixteen random bytes written in hexadecimal.
const SHORTEST: usize = 32;

/// What is sealed along, so that nothing else that the secret should ever seal is taken for a link.
const PURPOSE: &[u8] = b"sfn link 1";

const NONCE: usize = 24;

impl LinkKey {
    /// The key of a secret text, such as Secrets Manager generates.
    ///
    /// ```
    /// use sfn_core::LinkKey;
    ///
    /// assert!(LinkKey::from_secret("0123456789abcdef0123456789abcdef").is_ok());
    /// assert!(LinkKey::from_secret("secret").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`LinkError::WeakKey`] where it has fewer than 32 characters. That they are random nobody can check.
    pub fn from_secret(secret: &str) -> Result<Self, LinkError> {
        if secret.trim().chars().count() < SHORTEST {
            return Err(LinkError::WeakKey { shortest: SHORTEST });
        }
        let digest = Sha256::digest(secret.trim());
        Ok(Self(XChaCha20Poly1305::new(&Key::from(<[u8; 32]>::from(digest)))))
    }

    /// A key of this process alone.
    pub(super) fn random() -> Self {
        Self(XChaCha20Poly1305::new(&Key::generate()))
    }

    /// A text for URLs.
    pub(super) fn seal(&self, plain: &[u8]) -> Option<String> {
        // A nonce of 24 random bytes never comes twice, however many links there are.
        let nonce = XNonce::generate();
        let sealed = self.0.encrypt(&nonce, Payload { msg: plain, aad: PURPOSE }).ok()?;
        Some(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// What was sealed; nothing where it was not this key, or not all of it.
    pub(super) fn open(&self, text: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        self.0.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: PURPOSE }).ok()
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LinkKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_of_a_sealed_text_counts() {
        let key = LinkKey::random();
        let sealed = key.seal(b"yes").unwrap();
        assert_eq!(key.open(&sealed).as_deref(), Some(b"yes".as_slice()));
        assert_ne!(key.seal(b"yes").unwrap(), sealed, "a second link of the same answer looks like another");
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key.open(&URL_SAFE_NO_PAD.encode(changed)), None, "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert_eq!(key.open(&sealed[..length]), None, "{length} characters");
        }
        assert_eq!(LinkKey::random().open(&sealed), None);
        assert_eq!(key.open(&format!("{sealed}=")), None);
        assert_eq!(key.open("ä"), None);
    }

    #[test]
    fn one_secret_is_one_key() {
        let secret = "0123456789abcdef0123456789abcdef";
        let sealed = LinkKey::from_secret(secret).unwrap().seal(b"yes").unwrap();
        assert!(LinkKey::from_secret(&format!("{secret}\n")).unwrap().open(&sealed).is_some());
        assert!(LinkKey::from_secret(&secret.replace('0', "1")).unwrap().open(&sealed).is_none());
    }
}
