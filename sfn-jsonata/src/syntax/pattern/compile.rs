//! Turns the tree of a regular expression into instructions for the search.
//! Separate from the search so that only here it matters which way a part is read: look-behind goes backwards.

use super::class::{Class, Set, canonical};
use super::parse::{Parsed, Tree};

/// A place in the instructions.
pub(super) type Place = usize;

/// One instruction; those that take characters say whether they go backwards.
#[derive(Debug)]
pub(super) enum Instruction {
    Take {
        unit: Unit,
        is_backward: bool,
    },
    /// As many characters as there are, between so many and so many.
    Run {
        unit: Unit,
        is_backward: bool,
        min: u32,
        max: u32,
        is_greedy: bool,
    },
    LineStart,
    LineEnd,
    WordBoundary {
        is_negated: bool,
    },
    /// Keeps the position in a slot.
    Save(usize),
    /// Tries what follows, and when that fails the other place.
    Try {
        otherwise: Place,
    },
    Jump(Place),
    BackReference {
        group: usize,
        is_backward: bool,
    },
    /// Asks what follows, up to the next [`Matched`](Self::Matched), and goes on at `then`.
    Look {
        is_negated: bool,
        then: Place,
    },
    /// Begins a loop: none of its turns has been taken.
    Count {
        counter: usize,
    },
    /// Decides between another turn, which follows, and going on.
    Again {
        counter: usize,
        min: u32,
        max: u32,
        is_greedy: bool,
        then: Place,
    },
    /// Begins a turn, in which no group of the loop has captured anything yet.
    Turn {
        counter: usize,
        groups: (usize, usize),
    },
    /// Ends a turn. One that is not required and took nothing does not count.
    EndTurn {
        counter: usize,
        min: u32,
        again: Place,
    },
    Matched,
}

/// What one character is compared with.
#[derive(Debug)]
pub(super) enum Unit {
    Character(char),
    /// The one that stands for all that differ by case.
    Folded(char),
    Set(Box<Set>),
    /// Half of a pair: no text has one.
    Nothing,
}

/// A compiled expression.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) instructions: Vec<Instruction>,
    pub(super) groups: usize,
    pub(super) counters: usize,
    pub(super) ignores_case: bool,
    pub(super) is_multiline: bool,
    /// What every match begins with.
    pub(super) first: Option<char>,
}

pub(super) fn compile(parsed: &Parsed, ignores_case: bool, is_multiline: bool) -> Program {
    let program = Program {
        instructions: Vec::new(),
        groups: parsed.groups,
        counters: 0,
        ignores_case,
        is_multiline,
        first: None,
    };
    let mut compiler = Compiler { program, is_backward: false };
    compiler.part(&parsed.tree);
    compiler.put(Instruction::Matched);
    let mut program = compiler.program;
    let mut begin = program.instructions.iter().skip_while(|it| matches!(it, Instruction::Save(_)));
    program.first = match begin.next() {
        Some(
            Instruction::Take { unit: Unit::Character(first), .. }
            | Instruction::Run { unit: Unit::Character(first), min: 1.., .. },
        ) => Some(*first),
        _ => None,
    };
    program
}

struct Compiler {
    program: Program,
    is_backward: bool,
}

impl Compiler {
    fn put(&mut self, instruction: Instruction) -> Place {
        self.program.instructions.push(instruction);
        self.program.instructions.len() - 1
    }

    fn here(&self) -> Place {
        self.program.instructions.len()
    }

    fn part(&mut self, tree: &Tree) {
        let is_backward = self.is_backward;
        match tree {
            Tree::Sequence(parts) if is_backward => parts.iter().rev().for_each(|part| self.part(part)),
            Tree::Sequence(parts) => parts.iter().for_each(|part| self.part(part)),
            Tree::Alternatives(alternatives) => self.alternatives(alternatives),
            Tree::Character(_) | Tree::Class(_) => {
                if let Some(unit) = self.unit(tree) {
                    self.put(Instruction::Take { unit, is_backward });
                }
            }
            Tree::LineStart => drop(self.put(Instruction::LineStart)),
            Tree::LineEnd => drop(self.put(Instruction::LineEnd)),
            Tree::WordBoundary { is_negated } => {
                self.put(Instruction::WordBoundary { is_negated: *is_negated });
            }
            Tree::Group { number, body } => {
                let (start, end) = (2 * (number - 1), 2 * (number - 1) + 1);
                self.put(Instruction::Save(if is_backward { end } else { start }));
                self.part(body);
                self.put(Instruction::Save(if is_backward { start } else { end }));
            }
            Tree::BackReference(number) => {
                self.put(Instruction::BackReference { group: number - 1, is_backward });
            }
            Tree::Look { is_behind, is_negated, body } => {
                let look = self.put(Instruction::Matched);
                self.is_backward = *is_behind;
                self.part(body);
                self.is_backward = is_backward;
                self.put(Instruction::Matched);
                let then = self.here();
                self.program.instructions[look] = Instruction::Look { is_negated: *is_negated, then };
            }
            Tree::Repeat { body, min, max, is_greedy, groups } => match self.unit(body) {
                Some(unit) => {
                    let (min, max, is_greedy) = (*min, *max, *is_greedy);
                    self.put(Instruction::Run { unit, is_backward, min, max, is_greedy });
                }
                None => self.turns(body, (*min, *max), *is_greedy, *groups),
            },
        }
    }

    fn alternatives(&mut self, alternatives: &[Tree]) {
        let mut ends = Vec::new();
        for (at, alternative) in alternatives.iter().enumerate() {
            if at + 1 == alternatives.len() {
                self.part(alternative);
                break;
            }
            let choice = self.put(Instruction::Matched);
            self.part(alternative);
            ends.push(self.put(Instruction::Matched));
            let otherwise = self.here();
            self.program.instructions[choice] = Instruction::Try { otherwise };
        }
        let here = self.here();
        for end in ends {
            self.program.instructions[end] = Instruction::Jump(here);
        }
    }

    /// A loop over something that is more than one character.
    fn turns(&mut self, body: &Tree, (min, max): (u32, u32), is_greedy: bool, groups: (usize, usize)) {
        let counter = self.program.counters;
        self.program.counters += 1;
        self.put(Instruction::Count { counter });
        let again = self.put(Instruction::Matched);
        self.put(Instruction::Turn { counter, groups: (groups.0 - 1, groups.1 - 1) });
        self.part(body);
        self.put(Instruction::EndTurn { counter, min, again });
        let then = self.here();
        self.program.instructions[again] = Instruction::Again { counter, min, max, is_greedy, then };
    }

    /// What a part compares a character with, if it is one character.
    fn unit(&self, tree: &Tree) -> Option<Unit> {
        let ignores_case = self.program.ignores_case;
        match tree {
            Tree::Character(point) => Some(match char::from_u32(*point) {
                Some(character) if ignores_case => Unit::Folded(canonical(character)),
                Some(character) => Unit::Character(character),
                None => Unit::Nothing,
            }),
            Tree::Class(class) => Some(Unit::Set(Box::new(Class::to_set(class, ignores_case)))),
            _ => None,
        }
    }
}

impl Unit {
    pub(super) fn holds(&self, character: char) -> bool {
        match self {
            Self::Character(own) => *own == character,
            Self::Folded(own) => *own == canonical(character),
            Self::Set(set) => set.holds(character),
            Self::Nothing => false,
        }
    }
}
