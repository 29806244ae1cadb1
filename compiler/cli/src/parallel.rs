//! Work side by side, with results in the order of the work. Knows nothing of what is done.

use exoc_diagnostics::Workers;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// As many threads as the machine has cores. Whoever is free takes the next piece.
#[derive(Clone, Copy, Debug, Default)]
pub struct Threads;

impl Workers for Threads {
    /// Where the system gives no further thread, those that there are do it all.
    fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        let next = AtomicUsize::new(0);
        let take = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return;
                }
                work(number);
            }
        };
        let cores = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            for _ in 1..cores.min(count) {
                let started = thread::Builder::new().spawn_scoped(scope, take);
                if started.is_err() {
                    break;
                }
            }
            take();
        });
    }
}

/// What [`Threads`] make of items that are used up by it, in the order of the items.
pub fn map<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let workers: &dyn Workers = &Threads;
    workers.map_whole(items, work)
}

#[cfg(test)]
mod tests {
    use super::map;
    use std::sync::Barrier;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let items: Vec<u32> = (0..1000).collect();
        let doubled: Vec<u32> = items.iter().map(|item| item * 2).collect();
        assert_eq!(map(items, |item| item * 2), doubled);
        assert!(map(Vec::new(), |item: u32| item).is_empty());
    }

    #[test]
    fn items_are_worked_on_at_the_same_time_where_there_are_cores() {
        let cores = std::thread::available_parallelism().map_or(1, usize::from).min(4);
        let all_there = Barrier::new(cores);
        let met = map(vec![(); cores], |()| all_there.wait().is_leader());
        assert_eq!(met.iter().filter(|leads| **leads).count(), 1);
    }
}
