//! `cargo sfn new`: a project that builds, runs and tests at once. Apart from the files it writes, which stand in
//! `project/` as they will stand in the user's folder.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Makes a project: a library of workflows with a test, the package that deploys them, and what belongs around them.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder, whose last part is the project's name.
    folder: PathBuf,
    /// Where sfn comes from instead of the registry: a folder with its workspace, or the address of a git repository.
    #[arg(long)]
    sfn_path: Option<String>,
}

/// Why there is no project.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NewError {
    #[error(
        "`{0}` is not the name of a package; it begins with a lower-case letter, goes on with lower-case letters, digits, \
         `-` and `_`, and has at most 48 of them"
    )]
    BadName(String),
    #[error("`{0}` is the name of something else in Rust or in sfn; choose another, for instance `my-{0}`")]
    Reserved(String),
    #[error("{} has files in it already; choose a new or an empty folder", .0.display())]
    NotEmpty(PathBuf),
    #[error("{} is a file; choose a new or an empty folder", .0.display())]
    NoFolder(PathBuf),
    #[error("{} holds no `sfn/Cargo.toml`; name the folder of sfn's workspace", .0.display())]
    NoSfn(PathBuf),
    #[error("{} cannot be written: {source}", .path.display())]
    Write { path: PathBuf, source: std::io::Error },
}

/// Writes the project.
pub(crate) fn new(args: &Args) -> Result<ExitCode, NewError> {
    let name = checked(&args.folder)?;
    let sfn = Origin::of(args.sfn_path.as_deref())?;
    check_empty(&args.folder)?;
    for (path, text) in FILES {
        let path = args.folder.join(path);
        let failed = |source| NewError::Write { path: path.clone(), source };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        std::fs::write(&path, filled_in(text, name, &sfn)).map_err(failed)?;
    }
    println!("made {}; next:", args.folder.display());
    println!("  cd {}", args.folder.display());
    println!("  cargo sfn run book-trip");
    println!("  cargo test --workspace");
    Ok(ExitCode::SUCCESS)
}

/// Where each file goes, and its text.
const FILES: [(&str, &str); 16] = [
    ("Cargo.toml", include_str!("../project/Cargo.toml.in")),
    ("build.rs", include_str!("../project/build.rs.in")),
    ("src/main.rs", include_str!("../project/src/main.rs.in")),
    ("inputs/book-trip.json", include_str!("../project/inputs/book-trip.json")),
    ("inputs/no-seat.json", include_str!("../project/inputs/no-seat.json")),
    ("workflows/Cargo.toml", include_str!("../project/workflows/Cargo.toml.in")),
    ("workflows/src/lib.rs", include_str!("../project/workflows/src/lib.rs")),
    ("workflows/src/flight.rs", include_str!("../project/workflows/src/flight.rs")),
    ("workflows/src/hotel.rs", include_str!("../project/workflows/src/hotel.rs")),
    ("workflows/src/trip.rs", include_str!("../project/workflows/src/trip.rs")),
    ("workflows/tests/book_trip.rs", include_str!("../project/workflows/tests/book_trip.rs.in")),
    ("README.md", include_str!("../project/README.md.in")),
    ("rust-toolchain.toml", include_str!("../project/rust-toolchain.toml.in")),
    (".cargo/config.toml", include_str!("../project/cargo/config.toml.in")),
    (".github/workflows/ci.yml", include_str!("../project/github/ci.yml")),
    (".gitignore", include_str!("../project/gitignore")),
];

/// Names that a package cannot or should not have.
const RESERVED: [&str; 21] = [
    "alloc",
    "async",
    "await",
    "build",
    "core",
    "crate",
    "deps",
    "examples",
    "fn",
    "impl",
    "incremental",
    "mod",
    "proc_macro",
    "self",
    "serde",
    "sfn",
    "std",
    "super",
    "test",
    "thiserror",
    "tokio",
];

/// The name of the project, if it can be one.
fn checked(folder: &Path) -> Result<&str, NewError> {
    let shown = || folder.display().to_string();
    let name = folder.file_name().and_then(|name| name.to_str()).ok_or_else(|| NewError::BadName(shown()))?;
    let is_letter = |character: char| character.is_ascii_lowercase();
    let goes_on =
        |character: char| is_letter(character) || character.is_ascii_digit() || "-_".contains(character);
    if !name.starts_with(is_letter) || !name.chars().all(goes_on) || name.len() > 48 {
        return Err(NewError::BadName(name.to_owned()));
    }
    if RESERVED.contains(&name) {
        return Err(NewError::Reserved(name.to_owned()));
    }
    Ok(name)
}

fn check_empty(folder: &Path) -> Result<(), NewError> {
    let Ok(mut entries) = std::fs::read_dir(folder) else {
        let refused = NewError::NoFolder(folder.to_path_buf());
        return if folder.exists() { Err(refused) } else { Ok(()) };
    };
    if entries.next().is_some() { Err(NewError::NotEmpty(folder.to_path_buf())) } else { Ok(()) }
}

/// Where sfn comes from.
#[derive(Debug)]
enum Origin {
    /// The registry.
    Registry,
    /// A folder of this machine.
    Folder(PathBuf),
    /// A git repository.
    Git(String),
}

impl Origin {
    fn of(path: Option<&str>) -> Result<Self, NewError> {
        let Some(path) = path else { return Ok(Self::Registry) };
        if let Some(address) = git_address(path) {
            return Ok(Self::Git(address));
        }
        let folder = Path::new(path).canonicalize().unwrap_or_else(|_| path.into());
        if folder.join("sfn/Cargo.toml").is_file() {
            Ok(Self::Folder(folder))
        } else {
            Err(NewError::NoSfn(folder))
        }
    }

    /// What `Cargo.toml` says of it.
    fn dependency(&self) -> String {
        match self {
            Self::Registry => format!("version = {:?}", env!("CARGO_PKG_VERSION")),
            Self::Folder(folder) => format!("path = {:?}", folder.join("sfn").display().to_string()),
            Self::Git(address) => format!("git = {address:?}"),
        }
    }

    /// What makes `cargo sfn` the program of that folder; elsewhere it is the installed one.
    fn alias(&self) -> String {
        let Self::Folder(folder) = self else { return String::new() };
        let manifest = folder.join("Cargo.toml").display().to_string();
        let words = ["run", "--quiet", "--manifest-path", &manifest, "--package", "cargo-sfn", "--"];
        // A list is only for paths with spaces: cargo merges no list with the text that a folder above may have.
        if words.iter().any(|word| word.contains(char::is_whitespace)) {
            format!("sfn = {words:?}\n")
        } else {
            format!("sfn = {:?}\n", words.join(" "))
        }
    }
}

/// The address of a git repository as cargo takes it, which knows nothing of git's short form for SSH, `git@host:path`.
fn git_address(text: &str) -> Option<String> {
    if text.contains("://") {
        return Some(text.to_owned());
    }
    let (host, path) = text.split_once(':')?;
    let is_host = host.contains('@') && !host.contains(['/', '\\']);
    is_host.then(|| format!("ssh://{host}/{}", path.trim_start_matches('/')))
}

fn filled_in(text: &str, name: &str, sfn: &Origin) -> String {
    text.replace("@NAME@", name)
        .replace("@CRATE@", &name.replace('-', "_"))
        .replace("@SFN@", &sfn.dependency())
        .replace("@ALIAS@", &sfn.alias())
        .replace("@RUST@", concat!(env!("CARGO_PKG_RUST_VERSION"), ".0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_packages() {
        let told =
            |folder: &str| checked(Path::new(folder)).map(str::to_owned).map_err(|error| error.to_string());
        assert_eq!(told("there/my-shop_2").as_deref(), Ok("my-shop_2"));
        for bad in ["My-Shop", "2shop", "shop!", "..", "", &"a".repeat(49)] {
            assert!(told(bad).is_err_and(|error| error.contains("is not the name of a package")), "{bad}");
        }
        assert!(told("test").is_err_and(|error| error.contains("`my-test`")));
    }

    #[test]
    fn everything_is_filled_in() {
        for sfn in [
            Origin::Registry,
            Origin::Folder("/sfn".into()),
            Origin::Git("https://git.example/sfn".to_owned()),
        ] {
            for (path, text) in FILES {
                let text = filled_in(text, "my-shop", &sfn);
                assert!(
                    !text.contains("@NAME") && !text.contains("@CRATE") && !text.contains("@SFN"),
                    "{path}"
                );
                assert!(!text.contains("@ALIAS") && !text.contains("@RUST"), "{path}");
                if Path::new(path).extension().is_some_and(|extension| extension == "toml") {
                    text.parse::<toml::Table>().unwrap_or_else(|error| panic!("{path}: {error}"));
                }
            }
        }
    }

    #[test]
    fn the_alias_is_a_text_where_a_text_can_say_it() {
        let alias = |folder: &str| {
            let text = Origin::Folder(folder.into()).alias();
            text.parse::<toml::Table>().unwrap()["sfn"].clone()
        };
        let words = ["run", "--quiet", "--manifest-path", "/sfn/Cargo.toml", "--package", "cargo-sfn", "--"];
        assert_eq!(alias("/sfn"), toml::Value::from(words.join(" ")));
        let words =
            ["run", "--quiet", "--manifest-path", "/my sfn/Cargo.toml", "--package", "cargo-sfn", "--"];
        assert_eq!(alias("/my sfn"), toml::Value::from(words.to_vec()));
    }

    #[test]
    fn addresses_of_git_are_those_that_cargo_takes() {
        let cases = [
            ("https://git.example/sfn.git", Some("https://git.example/sfn.git")),
            ("git@git.example:tools/sfn.git", Some("ssh://git@git.example/tools/sfn.git")),
            ("me@git.example:/srv/sfn", Some("ssh://me@git.example/srv/sfn")),
            ("../sfn", None),
            ("C:\\sfn", None),
            ("./a@b:c", None),
        ];
        for (text, expected) in cases {
            assert_eq!(git_address(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_there_is_not_touched() {
        let folder = std::env::temp_dir().join(format!("sfn-new-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        assert!(check_empty(&folder).is_ok());
        std::fs::write(folder.join("mine"), "").unwrap();
        assert!(
            check_empty(&folder).is_err_and(|error| error.to_string().contains("has files in it already"))
        );
        assert!(
            check_empty(&folder.join("mine")).is_err_and(|error| error.to_string().contains("is a file"))
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
