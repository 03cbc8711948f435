//! A field that is shared.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order {
    #[serde(skip)]
    pub shared: Option<std::rc::Rc<u32>>,
}


fn main() {}
