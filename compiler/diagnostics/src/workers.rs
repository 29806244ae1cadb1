//! Work side by side, as far as whoever calls the compiler can: libraries start no threads of their own, so that they
//! also run where there are none.

use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};

/// Who does pieces of work that do not depend on each other.
pub trait Workers: Debug + Sync {
    /// Calls `work` with every number below `count`, once each, in any order and at the same time if that is possible,
    /// and returns when all calls have returned.
    fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync));

    /// Gives back what nobody needs any more, now or when there is time. Of many small pieces that takes a while.
    fn discard(&self, what: Box<dyn Send>) {
        drop(what);
    }
}

/// One piece after the other, by the caller itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct InTurn;

impl Workers for InTurn {
    fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..count).for_each(work);
    }
}

impl dyn Workers + '_ {
    /// What `work` makes of every item, in the order of the items, whoever is ready first.
    pub fn map<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
        let made: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
        self.run(items.len(), &|number| {
            if let (Some(item), Some(place)) = (items.get(number), made.get(number)) {
                let result = work(item);
                *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            }
        });
        made.into_iter()
            .filter_map(|place| place.into_inner().unwrap_or_else(PoisonError::into_inner))
            .collect()
    }

    /// As `map`, of items that are used up by it.
    pub fn map_whole<T: Send, R: Send>(&self, items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
        let items: Vec<Mutex<Option<T>>> = items.into_iter().map(|item| Mutex::new(Some(item))).collect();
        let take = |item: &Mutex<Option<T>>| item.lock().unwrap_or_else(PoisonError::into_inner).take();
        let made = self.map(&items, |item| take(item).map(&work));
        made.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{InTurn, Workers};

    /// Begins with the last.
    #[derive(Debug)]
    struct Backwards;

    impl Workers for Backwards {
        fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
            (0..count).rev().for_each(work);
        }
    }

    #[test]
    fn results_are_in_the_order_of_the_items_whatever_is_done_first() {
        let items: Vec<u32> = (0..100).collect();
        let doubled: Vec<u32> = items.iter().map(|item| item * 2).collect();
        for workers in [&InTurn as &dyn Workers, &Backwards] {
            assert_eq!(workers.map(&items, |item| item * 2), doubled, "{workers:?}");
            assert_eq!(workers.map(&[] as &[u32], |item| *item), Vec::<u32>::new());
            assert_eq!(
                workers.map_whole(items.clone(), |item| item * 2),
                doubled,
                "{workers:?}"
            );
        }
    }
}
