//! Where a State reads its Task Token.
//! Separate because two rules ask, from opposite sides.

use crate::survey::Site;
use crate::{Place, QueryLanguage};

const JSONATA_PATH: [&str; 3] = ["context", "Task", "Token"];
const JSON_PATH: &str = "$$.Task.Token";

/// Every place where the State reads the Task Token itself.
pub(super) fn token_reads(site: &Site<'_>) -> Vec<Place> {
    match site.language {
        QueryLanguage::Jsonata => {
            let reads = site.references().filter(|(_, reference)| {
                &*reference.name == "states" && reference.fields.iter().map(|field| &**field).eq(JSONATA_PATH)
            });
            reads.map(|(expression, reference)| site.place_in(expression, &reference.span)).collect()
        }
        QueryLanguage::JsonPath => {
            let reads =
                site.strings.iter().filter(|string| string.is_computed() && string.text.contains(JSON_PATH));
            reads.map(|string| site.pointer_of(string).into()).collect()
        }
    }
}

/// Whether a field of the State holds the Task Token, alone or within what it is part of.
pub(super) fn hands_out_token(site: &Site<'_>, field: &str) -> bool {
    match site.language {
        QueryLanguage::Jsonata => site.references().any(|(expression, reference)| {
            let mut path = reference.fields.iter().zip(JSONATA_PATH);
            expression.field == field
                && &*reference.name == "states"
                && path.all(|(field, wanted)| &**field == wanted)
        }),
        // A Path without `.$` behind its field's name is a text like any other.
        QueryLanguage::JsonPath => site.strings.iter().any(|string| {
            let whole = ["$$", "$$.Task"].contains(&string.text);
            string.field == field && string.is_computed() && (whole || string.text.contains(JSON_PATH))
        }),
    }
}
