//! Work side by side, with results in the order of the work. Knows nothing of what is done.

use exoc_diagnostics::Workers;
use rayon_core::{ThreadPool, ThreadPoolBuilder};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// As many threads as the machine has cores. Whoever is free takes the next piece.
#[derive(Clone, Copy, Debug, Default)]
pub struct Threads;

impl Workers for Threads {
    /// Where the system gives no further thread, the caller does it all.
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
        let pool = if count > 1 { pool() } else { None };
        let Some(pool) = pool else {
            return take();
        };
        pool.in_place_scope(|scope| {
            for _ in 1..pool.current_num_threads().min(count) {
                scope.spawn(|_| take());
            }
            take();
        });
    }

    /// Whoever has nothing else to do gives it back. At the end of the process the system takes the rest, at once.
    fn discard(&self, what: Box<dyn Send>) {
        // No thread is started for it alone.
        match POOL.get() {
            Some(Some(pool)) => pool.spawn(move || drop(what)),
            Some(None) | None => drop(what),
        }
    }
}

/// `None` where the system gives no further thread.
static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();

/// The threads, started when there is first something to do side by side. They stay until the process ends: a new
/// thread begins with an empty heap, whose pages cost more than most pieces of work.
fn pool() -> Option<&'static ThreadPool> {
    let start = || {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        // The main thread is one of them, so that it helps out while it waits. No other may be: it could end.
        let is_main = thread::current().name() == Some("main");
        let builder = ThreadPoolBuilder::new().num_threads(cores);
        let builder = if is_main {
            builder.use_current_thread()
        } else {
            builder
        };
        if cores > 1 { builder.build().ok() } else { None }
    };
    POOL.get_or_init(start).as_ref()
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
