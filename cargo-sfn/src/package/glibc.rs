//! Which C library a program needs: one that is newer than Lambda's would only be missed there, at the first invocation.
//! Separate because it reads programs and nothing else.

use super::PackageError;

/// The version in `provided.al2023`.
pub(super) const LAMBDA: (u32, u32) = (2, 34);

/// Checks that Lambda has the C library that a program needs.
pub(super) fn check(program: &[u8]) -> Result<(), PackageError> {
    match newest(program) {
        Some((major, minor)) if (major, minor) > LAMBDA => {
            Err(PackageError::NewerLibrary { needed: format!("{major}.{minor}") })
        }
        _ => Ok(()),
    }
}

/// The newest version among the names of symbol versions, which stand in a program as `GLIBC_2.34` and a zero.
fn newest(program: &[u8]) -> Option<(u32, u32)> {
    const MARK: &[u8] = b"\0GLIBC_";
    let mut newest = None;
    let mut rest = program;
    while let Some(at) = rest.windows(MARK.len()).position(|window| window == MARK) {
        rest = &rest[at + MARK.len()..];
        let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
        newest = newest.max(version(&rest[..end]));
    }
    newest
}

fn version(text: &[u8]) -> Option<(u32, u32)> {
    let mut numbers = std::str::from_utf8(text).ok()?.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_symbol_decides() {
        assert_eq!(newest(b"\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.9\0"), Some((2, 34)));
        assert_eq!(newest(b"\0GLIBC_PRIVATE\0 GLIBC_2.99\0"), None);
        assert!(check(b"\0GLIBC_2.34\0").is_ok());
        let error = check(b"\0GLIBC_2.38\0").unwrap_err().to_string();
        assert!(error.contains("version 2.38") && error.contains("has 2.34"), "{error}");
    }
}
