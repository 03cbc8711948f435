//! Object stores: both kinds keep the same promises, and a folder lets no key out of its bucket.
//! Separate because the stores meet the engine only through their trait.

use sfn_engine::Timestamp;
use sfn_engine::objects::{FolderStore, MemoryStore, ObjectError, ObjectStore};

/// A folder of this test's own, gone when it is dropped.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn keeps_its_promises(store: impl ObjectStore) -> Result<(), ObjectError> {
    let at = Timestamp::from_millis(1_700_000_000_000);
    let nothing = store.list("orders", "").await.expect_err("it is not there");
    assert_eq!(nothing, ObjectError::NoSuchBucket { bucket: "orders".to_owned() });
    assert_eq!(store.get("orders", "a").await.expect_err("it is not there"), nothing);

    for key in ["b/2.txt", "b/10.txt", "a.txt", "b-side.txt", "b/deep/er.txt"] {
        store.put("orders", key, key.as_bytes().to_vec(), at).await?;
    }
    let missing = store.get("orders", "b/3.txt").await.expect_err("it is not there");
    assert_eq!(missing, ObjectError::NoSuchKey { key: "b/3.txt".to_owned() });

    let put = store.put("orders", "a.txt", b"hello".to_vec(), at).await?;
    assert_eq!(
        (put.size, put.etag.as_str(), put.last_modified),
        (5, "\"5d41402abc4b2a76b9719d911017c592\"", at)
    );
    let got = store.get("orders", "a.txt").await?;
    assert_eq!((got.body.as_slice(), &got.summary), (b"hello".as_slice(), &put));

    for (prefix, expected) in [
        ("", vec!["a.txt", "b-side.txt", "b/10.txt", "b/2.txt", "b/deep/er.txt"]),
        ("b", vec!["b-side.txt", "b/10.txt", "b/2.txt", "b/deep/er.txt"]),
        ("b/", vec!["b/10.txt", "b/2.txt", "b/deep/er.txt"]),
        ("b/d", vec!["b/deep/er.txt"]),
        ("c", vec![]),
    ] {
        let listed = store.list("orders", prefix).await?;
        let keys: Vec<_> = listed.iter().map(|object| object.key.as_str()).collect();
        assert_eq!(keys, expected, "prefix `{prefix}`");
    }
    assert_eq!(store.list("orders", "a").await?, [put]);
    Ok(())
}

#[tokio::test]
async fn objects_in_memory_keep_the_promises() {
    keeps_its_promises(MemoryStore::new()).await.expect("nothing fails");
}

#[tokio::test]
async fn objects_in_a_folder_keep_the_promises() {
    let folder = Folder::new("promises");
    keeps_its_promises(FolderStore::new(&folder.0)).await.expect("nothing fails");
}

#[tokio::test]
async fn no_name_leads_out_of_the_folder() {
    let folder = Folder::new("outside");
    let store = FolderStore::new(folder.0.join("store"));
    for (bucket, key) in [
        ("..", "a"),
        ("b", "../a"),
        ("b", "a/../../c"),
        ("b", "/etc/passwd"),
        ("b", ""),
        ("b", "a/"),
        ("b", "a//c"),
        ("b", "./a"),
        ("", "a"),
        ("b/c", "a"),
        ("b", "a\0"),
    ] {
        let refused = store.put(bucket, key, Vec::new(), Timestamp::default()).await;
        assert!(matches!(refused, Err(ObjectError::Unavailable(_))), "`{bucket}` `{key}` gave {refused:?}");
        let refused = store.get(bucket, key).await;
        assert!(matches!(refused, Err(ObjectError::Unavailable(_))), "`{bucket}` `{key}` gave {refused:?}");
    }
    assert!(!folder.0.exists());
}
