//! Real documents through the whole of Flatleaf: what the sample must give, what
//! bad input must say, and that nothing in the corpus brings the command down.

#[path = "documents/bad_input.rs"]
mod bad_input;
#[path = "documents/characters.rs"]
mod characters;
#[path = "documents/corpus.rs"]
mod corpus;
#[path = "documents/drawn.rs"]
mod drawn;
#[path = "documents/need.rs"]
mod need;
#[path = "documents/sample.rs"]
mod sample;
