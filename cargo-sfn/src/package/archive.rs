//! An archive of one program, whose bytes depend on the program alone. Separate because time, order and rights are decided
//! here and nowhere else.

use std::io::{Cursor, Write as _};
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime, result::ZipResult};

/// The archive of a program.
pub(super) fn pack(name: &str, program: &[u8]) -> ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        // The earliest time that the format has: when something was packed is nothing that it is made of.
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(name, options)?;
    archive.write_all(program)?;
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn the_same_program_gives_the_same_bytes_which_unpack_to_it() {
        let program = b"\x7fELF and so on".repeat(1000);
        let first = pack("bootstrap", &program).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(2100));
        assert_eq!(pack("bootstrap", &program).unwrap(), first);
        assert!(first.len() < program.len() / 10);

        let mut archive = zip::ZipArchive::new(Cursor::new(first)).unwrap();
        assert_eq!(archive.len(), 1);
        let mut file = archive.by_index(0).unwrap();
        assert_eq!(file.name().unwrap(), "bootstrap");
        assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        assert_eq!(file.last_modified(), Some(DateTime::default()));
        let mut unpacked = Vec::new();
        file.read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, program);
    }
}
