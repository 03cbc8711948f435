//! Pages of long lists, and the tokens that ask for the next one.
//! Separate because every list is cut in the same way, and a token must be good for nothing but its own list.

use std::hash::{BuildHasher, RandomState};

use super::Refusal;
use crate::Timestamp;

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// At most so many; 0 leaves it to the service.
    pub max_results: usize,
    /// Where the page before ended.
    pub next_token: Option<String>,
}

/// How many entries a page has unless the caller says so.
const DEFAULT_LENGTH: usize = 100;

/// How long a token is good for.
const TOKEN_LIFE_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Makes and reads tokens: what a page ended with, sealed so that nobody else can make one.
#[derive(Debug, Default)]
pub(super) struct Pager {
    seal: RandomState,
}

impl Pager {
    /// A page of a list, and the token of the next one. `list` names the list with all its filters; `key` names an
    /// entry in it.
    pub(super) fn cut<T>(
        &self,
        now: Timestamp,
        list: &str,
        entries: Vec<T>,
        page: &Page,
        key: impl Fn(&T) -> String,
    ) -> Result<(Vec<T>, Option<String>), Refusal> {
        let start = match &page.next_token {
            None => 0,
            Some(token) => {
                let end = self.read(now, list, token).ok_or_else(Refusal::invalid_token)?;
                let found = entries.iter().position(|entry| key(entry) == end);
                found.ok_or_else(Refusal::invalid_token)? + 1
            }
        };
        let length = if page.max_results == 0 { DEFAULT_LENGTH } else { page.max_results };
        let is_last = start + length >= entries.len();
        let cut: Vec<T> = entries.into_iter().skip(start).take(length).collect();
        let token = cut.last().filter(|_| !is_last).map(|entry| self.write(now, list, &key(entry)));
        Ok((cut, token))
    }

    fn write(&self, now: Timestamp, list: &str, end: &str) -> String {
        let said = format!("{:016x}{end}", now.as_millis());
        let seal = self.seal.hash_one((list, &said));
        let sealed = format!("{seal:016x}{said}");
        sealed
            .bytes()
            .fold(String::with_capacity(2 * sealed.len()), |token, byte| token + &format!("{byte:02x}"))
    }

    fn read(&self, now: Timestamp, list: &str, token: &str) -> Option<String> {
        let bytes: Option<Vec<u8>> = token
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        let sealed = String::from_utf8(bytes?).ok()?;
        let (seal, said) = sealed.split_at_checked(16)?;
        let (written, end) = said.split_at_checked(16)?;
        let written = i64::from_str_radix(written, 16).ok()?;
        let is_ours = u64::from_str_radix(seal, 16).ok()? == self.seal.hash_one((list, said));
        (is_ours && now.as_millis() - written <= TOKEN_LIFE_MILLIS).then(|| end.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(max_results: usize, next_token: Option<String>) -> Page {
        Page { max_results, next_token }
    }

    #[test]
    fn pages_join_up_to_the_whole_list() {
        let pager = Pager::default();
        let now = Timestamp::from_millis(0);
        let (mut seen, mut token) = (Vec::new(), None);
        loop {
            let entries: Vec<u32> = (0..7).collect();
            let (cut, next) =
                pager.cut(now, "numbers", entries, &page(3, token), u32::to_string).expect("our own token");
            seen.extend(cut);
            token = next;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, (0..7).collect::<Vec<_>>());
    }

    #[test]
    fn tokens_of_other_lists_forged_or_old_ones_are_refused() {
        let pager = Pager::default();
        let now = Timestamp::from_millis(0);
        let cut = |list: &str, now, token| {
            pager.cut(now, list, vec![1, 2, 3], &page(1, token), u32::to_string).map(|(cut, _)| cut)
        };
        let (_, token) = pager.cut(now, "a", vec![1, 2, 3], &page(1, None), u32::to_string).expect("a page");
        let token = token.expect("two are left");
        assert_eq!(cut("a", now, Some(token.clone())), Ok(vec![2]));
        assert_eq!(cut("b", now, Some(token.clone())), Err(Refusal::invalid_token()));
        let late = Timestamp::from_millis(TOKEN_LIFE_MILLIS + 1);
        assert_eq!(cut("a", late, Some(token.clone())), Err(Refusal::invalid_token()));
        for forged in ["", "zz", "ä", "00", &token[2..], &format!("{token}31")] {
            assert_eq!(cut("a", now, Some(forged.to_owned())), Err(Refusal::invalid_token()), "{forged}");
        }
    }
}
