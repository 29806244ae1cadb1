//! A set of small numbers as bits. Knows nothing of what they count.

/// Numbers below a limit that is known when the set is made; others are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// Room for numbers below `limit`.
    pub(super) fn new(limit: usize) -> Self {
        Self(vec![0; limit.div_ceil(64)])
    }

    pub(super) fn insert(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// Adds all numbers of another set.
    pub(super) fn absorb(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    /// How many numbers there are.
    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// How many of them are not in another set.
    pub(super) fn count_outside(&self, other: &Self) -> u64 {
        let words = self.0.iter().zip(&other.0);
        words
            .map(|(word, others)| u64::from((word & !others).count_ones()))
            .sum()
    }

    /// The numbers that are not in another set, in order.
    pub(super) fn outside(&self, other: &Self) -> Vec<usize> {
        let words = self.0.iter().zip(&other.0);
        numbers(words.map(|(word, others)| word & !others))
    }

    /// The numbers that are in another set as well, in order.
    pub(super) fn common(&self, other: &Self) -> Vec<usize> {
        let words = self.0.iter().zip(&other.0);
        numbers(words.map(|(word, others)| word & others))
    }

    /// All numbers, in order.
    pub(super) fn all(&self) -> Vec<usize> {
        numbers(self.0.iter().copied())
    }
}

fn numbers(words: impl Iterator<Item = u64>) -> Vec<usize> {
    let mut numbers = Vec::new();
    for (at, mut word) in words.enumerate() {
        while word != 0 {
            // At most 63, which every machine's `usize` holds.
            numbers.push(at * 64 + word.trailing_zeros() as usize);
            word &= word - 1;
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::Bits;

    fn bits(numbers: &[usize]) -> Bits {
        let mut bits = Bits::new(130);
        numbers.iter().for_each(|number| bits.insert(*number));
        bits
    }

    #[test]
    fn numbers_come_back_in_order_and_those_beyond_the_limit_do_not() {
        let some = bits(&[129, 0, 63, 64, 5000]);
        assert_eq!(some.all(), [0, 63, 64, 129]);
        assert_eq!(some.count(), 4);
    }

    #[test]
    fn sets_are_added_and_told_apart() {
        let (some, others) = (bits(&[1, 64, 100]), bits(&[64, 101]));
        assert_eq!(some.outside(&others), [1, 100]);
        assert_eq!(some.count_outside(&others), 2);
        assert_eq!(some.common(&others), [64]);
        let mut all = some.clone();
        all.absorb(&others);
        assert_eq!(all, bits(&[1, 64, 100, 101]));
    }
}
