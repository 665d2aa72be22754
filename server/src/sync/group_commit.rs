//! Concurrent pushes share a commit.
//!
//! A commit costs a wait for the disk whatever is in it. So a push does not commit by itself: it joins a queue, and
//! whoever gets the turn to write takes everything that waits, up to a bound, and writes it in one transaction; the
//! others find their answer ready when the turn comes to them. There is no thread to run: a single caller is always
//! its own writer, which is what a simulation needs, and the queue is as long as there are callers, of which the
//! server lets in a bounded number.
//!
//! A batch that fails as a whole is tried again push by push, so that one push never fails its neighbours.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Pushes in one commit at most: bounds the length of a transaction and what a failed one costs.
pub const PUSHES_PER_COMMIT: usize = 64;

/// A queue in front of one writer of `Q`, each answered with `A`.
#[derive(Debug)]
pub struct GroupCommit<Q, A> {
    state: Mutex<State<Q, A>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<Q, A> {
    /// Tickets and their pushes, in the order in which they came.
    waiting: VecDeque<(u64, Q)>,
    /// Answers that were not picked up yet, by ticket.
    answered: HashMap<u64, A>,
    next_ticket: u64,
    /// Somebody is writing.
    writing: bool,
}

impl<Q, A> Default for GroupCommit<Q, A> {
    fn default() -> Self {
        let state =
            State { waiting: VecDeque::new(), answered: HashMap::new(), next_ticket: 0, writing: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }
}

impl<Q, A> GroupCommit<Q, A> {
    /// Commits `push`, perhaps together with others, and gives its answer.
    ///
    /// `commit` writes a batch in one transaction and answers every push of it in order, or fails as a whole, by an
    /// error or a panic. `failed` answers a push that failed alone.
    pub fn submit<E>(
        &self,
        push: Q,
        commit: impl Fn(&[Q]) -> Result<Vec<A>, E>,
        failed: impl Fn(Option<E>) -> A,
    ) -> A {
        let mut state = lock(&self.state);
        let ticket = state.next_ticket;
        state.next_ticket += 1;
        state.waiting.push_back((ticket, push));
        loop {
            if let Some(answer) = state.answered.remove(&ticket) {
                return answer;
            }
            if state.writing {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.writing = true;
            let count = state.waiting.len().min(PUSHES_PER_COMMIT);
            let (tickets, pushes): (Vec<_>, Vec<_>) = state.waiting.drain(..count).unzip();
            drop(state);
            let answers = write(&pushes, &commit, &failed);
            state = lock(&self.state);
            state.writing = false;
            state.answered.extend(tickets.into_iter().zip(answers));
            self.changed.notify_all();
        }
    }
}

fn write<Q, A, E>(
    pushes: &[Q],
    commit: &impl Fn(&[Q]) -> Result<Vec<A>, E>,
    failed: &impl Fn(Option<E>) -> A,
) -> Vec<A> {
    let attempt = |pushes: &[Q]| -> Result<Vec<A>, Option<E>> {
        match catch_unwind(AssertUnwindSafe(|| commit(pushes))) {
            Ok(Ok(answers)) if answers.len() == pushes.len() => Ok(answers),
            Ok(Ok(_)) | Err(_) => Err(None),
            Ok(Err(error)) => Err(Some(error)),
        }
    };
    match attempt(pushes) {
        Ok(answers) => answers,
        Err(error) if pushes.len() == 1 => vec![failed(error)],
        Err(_) => pushes
            .iter()
            .map(|push| match attempt(std::slice::from_ref(push)).map(|mut answers| answers.pop()) {
                Ok(Some(answer)) => answer,
                Ok(None) => failed(None),
                Err(error) => failed(error),
            })
            .collect(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn pushes_that_wait_share_a_commit() {
        let group = GroupCommit::<usize, usize>::default();
        let commits = AtomicUsize::new(0);
        let gate = Barrier::new(2);
        let commit = |pushes: &[usize]| -> Result<Vec<usize>, ()> {
            // The first commit waits until all the others stand in the queue.
            if commits.fetch_add(1, Ordering::SeqCst) == 0 {
                gate.wait();
                while lock(&group.state).waiting.len() < 20 {
                    std::thread::yield_now();
                }
            }
            Ok(pushes.iter().map(|push| push * 10).collect())
        };
        std::thread::scope(|scope| {
            scope.spawn(|| assert_eq!(group.submit(0, commit, |_| 1), 0));
            gate.wait();
            for push in 1..=20 {
                let (group, commit) = (&group, &commit);
                scope.spawn(move || assert_eq!(group.submit(push, commit, |_| 1), push * 10));
            }
        });
        assert_eq!(commits.into_inner(), 2);
    }

    #[test]
    fn one_that_fails_or_panics_fails_alone() {
        let commit = |pushes: &[usize]| -> Result<Vec<usize>, &'static str> {
            if pushes.contains(&3) {
                return Err("three");
            }
            assert!(!pushes.contains(&5), "five");
            Ok(pushes.to_vec())
        };
        let failed = |error: Option<&'static str>| if error == Some("three") { 300 } else { 500 };
        assert_eq!(write(&[1, 2, 3, 4, 5], &commit, &failed), [1, 2, 300, 4, 500]);
        assert_eq!(write(&[3], &commit, &failed), [300]);
        let group = GroupCommit::<usize, usize>::default();
        assert_eq!([5, 1].map(|push| group.submit(push, commit, failed)), [500, 1], "the turn is given back");
    }

    #[test]
    fn a_commit_holds_a_bounded_number_of_pushes() {
        let group = GroupCommit::<usize, usize>::default();
        let largest = AtomicUsize::new(0);
        for push in 0..PUSHES_PER_COMMIT * 2 {
            lock(&group.state).waiting.push_back((1_000 + push as u64, push));
        }
        let commit = |pushes: &[usize]| -> Result<Vec<usize>, ()> {
            largest.fetch_max(pushes.len(), Ordering::SeqCst);
            Ok(pushes.to_vec())
        };
        assert_eq!(group.submit(7, commit, |_| 0), 7);
        assert_eq!(largest.into_inner(), PUSHES_PER_COMMIT);
    }
}
