//! Makes the changes that faults carry, as long as they help. Apart from judging, because it is judging again after each
//! change that shows what is left.

use super::judge::{File, definitions};
use sfn_asl::{Document, Edit, Options};

/// A text after its mending.
#[derive(Debug)]
pub(crate) struct Mended {
    pub(crate) text: String,
    /// The codes of the faults that are gone, in order.
    pub(crate) made: Vec<String>,
    /// The codes of the faults whose change cannot be made in this text, or does not do away with them.
    pub(crate) left: Vec<String>,
}

/// What becomes of a file when the faults that can be mended are; nothing if no fault says how.
pub(crate) fn mend(file: &File, options: &Options, is_express: bool) -> Option<Mended> {
    let format = file.format;
    let mut document = Document::parse(&*file.text, format).ok()?;
    let (mut made, mut done) = (Vec::new(), Vec::new());
    let mut refused: Vec<(String, Vec<Edit>)> = Vec::new();
    let mut left = faults(&document, options, is_express);
    while let Some((code, index, fix)) = left
        .iter()
        .find(|(_, _, fix)| !fix.is_empty() && !refused.iter().any(|(_, known)| known == fix))
        .cloned()
    {
        let edited = definitions(Ok(document.clone()), true)
            .swap_remove(index)
            .document
            .ok()
            .and_then(|definition| definition.edit(&fix).ok())
            .and_then(|edited| Document::parse(edited.text(), format).ok());
        let again = edited.as_ref().map(|edited| faults(edited, options, is_express));
        let is_there = |(_, other, its): &(String, usize, Vec<Edit>)| *other == index && *its == fix;
        let is_gone = again.as_ref().is_some_and(|again| !again.iter().any(is_there));
        match (edited, again) {
            // Where a fault kept a State from being read, more faults may come to light now.
            (Some(edited), Some(again)) if is_gone && !done.contains(&(index, fix.clone())) => {
                (document, left) = (edited, again);
                made.push(code);
                done.push((index, fix));
            }
            _ => refused.push((code, fix)),
        }
    }
    let left: Vec<_> = refused.into_iter().map(|(code, _)| code).collect();
    let has_any = !made.is_empty() || !left.is_empty();
    has_any.then(|| Mended { text: document.text().to_owned(), made, left })
}

/// The faults of all definitions of a document: the code, the number of the definition, the change.
fn faults(document: &Document, options: &Options, is_express: bool) -> Vec<(String, usize, Vec<Edit>)> {
    let definitions = definitions(Ok(document.clone()), true);
    let faults = definitions.iter().enumerate().flat_map(|(index, definition)| {
        definition
            .judge(index, options, is_express)
            .into_iter()
            .map(move |found| (found.diagnostic.code.as_str().to_owned(), index, found.diagnostic.fix))
    });
    faults.collect()
}
