//! Searches a text: tries one way after another, within a budget of steps and of memory.
//! Separate because this is all that happens when an expression is evaluated.

use super::Found;
use super::class::{canonical, ends_line, is_word};
use super::compile::{Instruction, Place, Program, Unit};

/// The search would have taken more than it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OutOfSteps;

/// How many ways back a search may remember: about 100 MB.
const MOST_WAYS: usize = 4 << 20;

/// How many characters a run takes for the price of one step.
const CHARACTERS_A_STEP: usize = 4;

/// A slot in which nothing has been saved.
const UNSET: usize = usize::MAX;

/// The leftmost match at or behind a byte position.
pub(super) fn search(
    program: &Program,
    text: &str,
    from: usize,
    budget: &mut u64,
) -> Result<Option<Found>, OutOfSteps> {
    let mut search = Search {
        program,
        text,
        slots: vec![UNSET; 2 * program.groups],
        counts: vec![0; program.counters],
        starts: vec![0; program.counters],
        ways: Vec::new(),
        budget,
    };
    let mut start = from;
    while start <= text.len() {
        if let Some(first) = program.first {
            let Some(ahead) = text.get(start..).and_then(|rest| rest.find(first)) else {
                return Ok(None);
            };
            search.spend(ahead / 64)?;
            start += ahead;
        }
        if let Some(end) = search.run(0, start)? {
            let groups = search.slots.chunks_exact(2).map(|slots| match *slots {
                [start, end] if start != UNSET && end != UNSET => Some((start, end)),
                _ => None,
            });
            return Ok(Some(Found { start, end, groups: groups.collect() }));
        }
        start += text[start..].chars().next().map_or(1, char::len_utf8);
    }
    Ok(None)
}

struct Search<'s> {
    program: &'s Program,
    text: &'s str,
    /// Where each group starts and ends.
    slots: Vec<usize>,
    /// How many turns each loop has taken, and where the present one started.
    counts: Vec<u32>,
    starts: Vec<usize>,
    ways: Vec<Way>,
    budget: &'s mut u64,
}

/// What to do when the present way leads nowhere: first undo, then try another.
#[derive(Clone, Copy)]
enum Way {
    Go {
        place: Place,
        position: usize,
    },
    /// A run that took the characters up to `position` and can give them back as far as `least`.
    GiveBack {
        run: Place,
        position: usize,
        least: usize,
    },
    /// A run that took as little as it could.
    TakeOne {
        run: Place,
        position: usize,
        left: u32,
    },
    Slot {
        slot: u32,
        old: usize,
    },
    Count {
        counter: u32,
        old: u32,
    },
    Start {
        counter: u32,
        old: usize,
    },
}

impl Search<'_> {
    fn spend(&mut self, steps: usize) -> Result<(), OutOfSteps> {
        *self.budget = self.budget.checked_sub(steps as u64).ok_or(OutOfSteps)?;
        Ok(())
    }

    fn remember(&mut self, way: Way) -> Result<(), OutOfSteps> {
        if self.ways.len() >= MOST_WAYS {
            return Err(OutOfSteps);
        }
        self.ways.push(way);
        Ok(())
    }

    /// Follows the instructions; gives the position at which they match. What was remembered on the way stays then.
    fn run(&mut self, mut place: Place, mut position: usize) -> Result<Option<usize>, OutOfSteps> {
        let base = self.ways.len();
        let program = self.program;
        loop {
            self.spend(1)?;
            let next = match &program.instructions[place] {
                Instruction::Matched => return Ok(Some(position)),
                Instruction::Take { unit, is_backward } => {
                    self.take(unit, position, *is_backward).map(|position| (place + 1, position))
                }
                Instruction::Run { unit, is_backward, min, max, is_greedy } => self
                    .take_run(place, unit, position, (*min, *max), *is_backward, *is_greedy)?
                    .map(|position| (place + 1, position)),
                Instruction::LineStart => self.is_line_start(position).then_some((place + 1, position)),
                Instruction::LineEnd => self.is_line_end(position).then_some((place + 1, position)),
                Instruction::WordBoundary { is_negated } => {
                    (self.is_word_boundary(position) != *is_negated).then_some((place + 1, position))
                }
                Instruction::Save(slot) => {
                    self.save(*slot, position)?;
                    Some((place + 1, position))
                }
                Instruction::Try { otherwise } => {
                    self.remember(Way::Go { place: *otherwise, position })?;
                    Some((place + 1, position))
                }
                Instruction::Jump(to) => Some((*to, position)),
                Instruction::BackReference { group, is_backward } => {
                    self.repeat(*group, position, *is_backward)?.map(|position| (place + 1, position))
                }
                Instruction::Look { is_negated, then } => {
                    (self.looks(place + 1, position, *is_negated)?).then_some((*then, position))
                }
                Instruction::Count { counter } => {
                    self.count(*counter, 0)?;
                    Some((place + 1, position))
                }
                Instruction::Again { counter, min, max, is_greedy, then } => {
                    let (counted, turn) = (self.counts[*counter], place + 1);
                    let (first, second) = if *is_greedy { (turn, *then) } else { (*then, turn) };
                    if counted < *min {
                        Some((turn, position))
                    } else if counted >= *max {
                        Some((*then, position))
                    } else {
                        self.remember(Way::Go { place: second, position })?;
                        Some((first, position))
                    }
                }
                Instruction::Turn { counter, groups } => {
                    let old = std::mem::replace(&mut self.starts[*counter], position);
                    self.remember(Way::Start { counter: narrow(*counter), old })?;
                    for slot in 2 * groups.0..2 * groups.1 {
                        self.save(slot, UNSET)?;
                    }
                    Some((place + 1, position))
                }
                Instruction::EndTurn { counter, min, again } => {
                    let counted = self.counts[*counter];
                    if counted >= *min && self.starts[*counter] == position {
                        None
                    } else {
                        self.count(*counter, counted.saturating_add(1))?;
                        Some((*again, position))
                    }
                }
            };
            match next.or_else(|| self.back(base)) {
                Some(next) => (place, position) = next,
                None => return Ok(None),
            }
        }
    }

    /// Goes back to the last choice; undoes everything down to `base` when none is left.
    fn back(&mut self, base: usize) -> Option<(Place, usize)> {
        while self.ways.len() > base {
            match self.ways.pop()? {
                Way::Go { place, position } => return Some((place, position)),
                Way::Slot { slot, old } => self.slots[slot as usize] = old,
                Way::Count { counter, old } => self.counts[counter as usize] = old,
                Way::Start { counter, old } => self.starts[counter as usize] = old,
                Way::GiveBack { run, position, least } => {
                    let Instruction::Run { is_backward, .. } = &self.program.instructions[run] else {
                        continue;
                    };
                    let Some((_, position)) = self.step(position, !is_backward) else { continue };
                    if position != least {
                        self.ways.push(Way::GiveBack { run, position, least });
                    }
                    return Some((run + 1, position));
                }
                Way::TakeOne { run, position, left } => {
                    let Instruction::Run { unit, is_backward, .. } = &self.program.instructions[run] else {
                        continue;
                    };
                    let Some(position) = self.take(unit, position, *is_backward) else { continue };
                    if left > 1 {
                        self.ways.push(Way::TakeOne { run, position, left: left - 1 });
                    }
                    return Some((run + 1, position));
                }
            }
        }
        None
    }

    /// Undoes everything down to `base`, and tries nothing more.
    fn undo(&mut self, base: usize) {
        while self.ways.len() > base {
            match self.ways.pop() {
                Some(Way::Slot { slot, old }) => self.slots[slot as usize] = old,
                Some(Way::Count { counter, old }) => self.counts[counter as usize] = old,
                Some(Way::Start { counter, old }) => self.starts[counter as usize] = old,
                Some(Way::Go { .. } | Way::GiveBack { .. } | Way::TakeOne { .. }) | None => {}
            }
        }
    }

    /// The character at a position and the position behind it, in the direction that is asked for.
    fn step(&self, position: usize, is_backward: bool) -> Option<(char, usize)> {
        if is_backward {
            let character = self.text[..position].chars().next_back()?;
            return Some((character, position - character.len_utf8()));
        }
        match self.text.as_bytes().get(position)? {
            byte if byte.is_ascii() => Some((char::from(*byte), position + 1)),
            _ => {
                let character = self.text[position..].chars().next()?;
                Some((character, position + character.len_utf8()))
            }
        }
    }

    fn take(&self, unit: &Unit, position: usize, is_backward: bool) -> Option<usize> {
        let (character, position) = self.step(position, is_backward)?;
        unit.holds(character).then_some(position)
    }

    fn take_run(
        &mut self,
        run: Place,
        unit: &Unit,
        start: usize,
        (min, max): (u32, u32),
        is_backward: bool,
        is_greedy: bool,
    ) -> Result<Option<usize>, OutOfSteps> {
        let wanted = if is_greedy { max } else { min };
        let (mut position, mut least, mut taken) = (start, start, 0);
        while taken < wanted
            && let Some(behind) = self.take(unit, position, is_backward)
        {
            position = behind;
            taken += 1;
            if taken == min {
                least = position;
            }
        }
        self.spend(position.abs_diff(start) / CHARACTERS_A_STEP)?;
        if taken < min {
            return Ok(None);
        }
        if !is_greedy && max > min {
            self.remember(Way::TakeOne { run, position, left: max - min })?;
        } else if position != least {
            self.remember(Way::GiveBack { run, position, least })?;
        }
        Ok(Some(position))
    }

    /// What a group captured, once more; nothing when it captured nothing.
    fn repeat(
        &mut self,
        group: usize,
        position: usize,
        is_backward: bool,
    ) -> Result<Option<usize>, OutOfSteps> {
        let (start, end) = (self.slots[2 * group], self.slots[2 * group + 1]);
        if start == UNSET || end == UNSET {
            return Ok(Some(position));
        }
        self.spend((end - start) / CHARACTERS_A_STEP)?;
        let fold = |character| if self.program.ignores_case { canonical(character) } else { character };
        let (mut own, last) = if is_backward { (end, start) } else { (start, end) };
        let mut position = position;
        while own != last {
            let (Some((expected, own_behind)), Some((found, behind))) =
                (self.step(own, is_backward), self.step(position, is_backward))
            else {
                return Ok(None);
            };
            if fold(expected) != fold(found) {
                return Ok(None);
            }
            (own, position) = (own_behind, behind);
        }
        Ok(Some(position))
    }

    /// Looks around. What a successful look has captured stays captured; its other ways are given up.
    fn looks(&mut self, place: Place, position: usize, is_negated: bool) -> Result<bool, OutOfSteps> {
        let base = self.ways.len();
        let found = self.run(place, position)?.is_some();
        if found && is_negated {
            self.undo(base);
        } else if found {
            let mut kept = base;
            for at in base..self.ways.len() {
                if matches!(self.ways[at], Way::Slot { .. } | Way::Count { .. } | Way::Start { .. }) {
                    self.ways[kept] = self.ways[at];
                    kept += 1;
                }
            }
            self.ways.truncate(kept);
        }
        Ok(found != is_negated)
    }

    fn save(&mut self, slot: usize, position: usize) -> Result<(), OutOfSteps> {
        let old = std::mem::replace(&mut self.slots[slot], position);
        self.remember(Way::Slot { slot: narrow(slot), old })
    }

    fn count(&mut self, counter: usize, count: u32) -> Result<(), OutOfSteps> {
        let old = std::mem::replace(&mut self.counts[counter], count);
        self.remember(Way::Count { counter: narrow(counter), old })
    }

    fn is_line_start(&self, position: usize) -> bool {
        match self.step(position, true) {
            None => true,
            Some((before, _)) => self.program.is_multiline && ends_line(before),
        }
    }

    fn is_line_end(&self, position: usize) -> bool {
        match self.step(position, false) {
            None => true,
            Some((behind, _)) => self.program.is_multiline && ends_line(behind),
        }
    }

    fn is_word_boundary(&self, position: usize) -> bool {
        let is_word = |is_backward| self.step(position, is_backward).is_some_and(|(one, _)| is_word(one));
        is_word(true) != is_word(false)
    }
}

/// Slots and counters are fewer than the characters of an expression, whose positions are `u32`.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
