//! Cut off anywhere, an import ends in the same state when the same file comes again.

use cartera_core::model::office::KnownKind;

use super::*;
use crate::import::profile::Row;
use crate::import::record::{Answered, OfficeRecord};
use crate::import::target::{
    Begun, ImportId, Plan, Published, Reference, Staged, Standing, Target, TargetError,
};

fn file() -> Vec<u8> {
    let mut file = String::from("referencia;descripcion;iva\n");
    for number in 0..2_600 {
        let tax = if number % 97 == 0 { "mucho" } else { "21" };
        file.push_str(&format!("R{number};Artículo {number};{tax}\n"));
    }
    file.into_bytes()
}

/// Storage that fails at its n-th call, as if the process were killed there.
struct Killed<'a> {
    memory: &'a mut Memory,
    calls_left: u32,
    staged: Vec<u32>,
}

impl Killed<'_> {
    fn call(&mut self) -> Result<(), TargetError> {
        match self.calls_left.checked_sub(1) {
            Some(left) => {
                self.calls_left = left;
                Ok(())
            }
            None => Err(TargetError::Storage("killed".into())),
        }
    }
}

impl Target for Killed<'_> {
    fn begin(&mut self, plan: &Plan) -> Result<Begun, TargetError> {
        self.call()?;
        self.memory.begin(plan)
    }

    fn known(&mut self, what: Reference, source: &str, keys: &[&str]) -> Result<Vec<bool>, TargetError> {
        self.call()?;
        self.memory.known(what, source, keys)
    }

    fn last_rows(&mut self, source: &str, ids: &[&str]) -> Result<Vec<Option<Row>>, TargetError> {
        self.call()?;
        self.memory.last_rows(source, ids)
    }

    fn erased(&mut self, source: &str, ids: &[&str]) -> Result<Vec<bool>, TargetError> {
        self.call()?;
        self.memory.erased(source, ids)
    }

    fn standing(&mut self, source: &str, records: &[&OfficeRecord]) -> Result<Vec<Standing>, TargetError> {
        self.call()?;
        self.memory.standing(source, records)
    }

    fn answered(&mut self, source: &str, answers: &[&Answered]) -> Result<Vec<Standing>, TargetError> {
        self.call()?;
        self.memory.answered(source, answers)
    }

    fn keys(
        &mut self,
        kind: KnownKind,
        source: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, TargetError> {
        self.call()?;
        self.memory.keys(kind, source, after, limit)
    }

    fn stage(&mut self, import: ImportId, batch: u32, items: Vec<Staged>) -> Result<(), TargetError> {
        self.call()?;
        self.staged.push(batch);
        self.memory.stage(import, batch, items)
    }

    fn seal(&mut self, import: ImportId, report: &str) -> Result<(), TargetError> {
        self.call()?;
        self.memory.seal(import, report)
    }

    fn publish(&mut self, import: ImportId) -> Result<Published, TargetError> {
        self.call()?;
        self.memory.publish(import)
    }

    fn abandon(&mut self, import: ImportId) -> Result<(), TargetError> {
        self.call()?;
        self.memory.abandon(import)
    }
}

#[test]
fn killed_at_any_call_nothing_is_visible_and_the_next_run_goes_on_there() {
    let file = file();
    let mapping = proposed(&file, Kind::Articles);
    let mut whole = Memory::default();
    let expected = import_with(&file, &mapping, &mut whole, Options::default()).unwrap();
    assert_eq!((expected.counts.new, expected.counts.set_aside), (2_573, 27));
    let mut cut_off = 0;
    for calls in 0.. {
        let mut memory = Memory::default();
        let mut killed = Killed { memory: &mut memory, calls_left: calls, staged: Vec::new() };
        let first = run(&mut Cursor::new(&file), &mapping, &mut killed, Options::default(), &mut |_| {
            ControlFlow::Continue(())
        });
        let staged = killed.staged.clone();
        if let Ok(report) = first {
            assert_eq!(report.counts, expected.counts);
            break;
        }
        cut_off += 1;
        assert!(memory.office.is_empty(), "killed at call {calls}: something is visible");
        let mut again = Killed { memory: &mut memory, calls_left: u32::MAX, staged: Vec::new() };
        let report = run(&mut Cursor::new(&file), &mapping, &mut again, Options::default(), &mut |_| {
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(report.counts, expected.counts, "killed at call {calls}");
        assert!(again.staged.iter().all(|batch| !staged.contains(batch)), "a batch was staged twice");
        assert_eq!(memory.office, whole.office, "killed at call {calls}");
        assert_eq!(memory.staged(), 0);
    }
    assert!(cut_off > 12, "only {cut_off} places tried");
}

#[test]
fn stopping_leaves_what_is_staged_and_another_file_gives_it_up() {
    let file = file();
    let mapping = proposed(&file, Kind::Articles);
    let mut memory = Memory::default();
    let mut ticks = 0;
    let stopped = run(&mut Cursor::new(&file), &mapping, &mut memory, Options::default(), &mut |_| {
        ticks += 1;
        if ticks == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(stopped.unwrap_err().code(), "import_stopped");
    assert!(memory.staged() > 0 && memory.office.is_empty());
    let other = b"referencia;descripcion\nX;otro\n";
    import(other, Kind::Articles, &mut memory);
    assert_eq!((memory.staged(), memory.office.len()), (0, 1));
}

#[test]
fn edits_are_made_once_however_often_the_import_is_cut_off() {
    let mut file = String::from("codigo;nombre\n");
    (0..1_800).for_each(|number| file.push_str(&format!("{number};Cliente {number}\n")));
    let mapping = proposed(file.as_bytes(), Kind::Clients);
    let mut memory = Memory::default();
    for calls in [2, 5, 7] {
        let mut killed = Killed { memory: &mut memory, calls_left: calls, staged: Vec::new() };
        let cut = run(&mut Cursor::new(&file), &mapping, &mut killed, Options::default(), &mut |_| {
            ControlFlow::Continue(())
        });
        assert!(cut.is_err());
    }
    let report = import_with(file.as_bytes(), &mapping, &mut memory, Options::default()).unwrap();
    assert!(report.resumed_at.is_some());
    assert_eq!((memory.edits, memory.clients.len()), (3_600, 1_800), "name and code of each");
}
