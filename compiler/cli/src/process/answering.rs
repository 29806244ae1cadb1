//! Programs that are asked for bytes: one that says all at once, and one that answers questions one after the other.

use super::{Failure, Program};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// What a program said at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Whether it ended with 0.
    pub is_fine: bool,
    /// Standard output, byte by byte.
    pub out: Vec<u8>,
    /// Standard error; bytes that are not UTF-8 are replaced.
    pub err: String,
}

/// A program that reads a line and answers it. It ends when this goes.
#[derive(Debug)]
pub struct Answering {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Program {
    /// Runs it to its end without anything to read.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn said(&self) -> Result<Said, Failure> {
        let output = self.command().stdin(Stdio::null()).output();
        let output = output.map_err(|error| self.failed(&error))?;
        Ok(Said {
            is_fine: output.status.success(),
            out: output.stdout,
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Starts it to ask it questions. What it says on standard error is lost.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn answering(&self) -> Result<Answering, Failure> {
        let mut command = self.command();
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| self.failed(&error))?;
        let questions = child.stdin.take();
        let no_pipe = || self.failed(&io::Error::from(io::ErrorKind::BrokenPipe));
        let answers = BufReader::new(child.stdout.take().ok_or_else(no_pipe)?);
        Ok(Answering {
            child,
            questions,
            answers,
        })
    }
}

impl Answering {
    /// Asks a question, and returns the first line of the answer, without its end.
    ///
    /// # Errors
    ///
    /// If the program has ended.
    pub fn ask(&mut self, question: &str) -> io::Result<String> {
        let ended = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let questions = self.questions.as_mut().ok_or_else(ended)?;
        questions.write_all(format!("{question}\n").as_bytes())?;
        questions.flush()?;
        let mut line = Vec::new();
        if self.answers.read_until(b'\n', &mut line)? == 0 {
            return Err(ended());
        }
        Ok(String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned())
    }

    /// The next bytes of the answer; none if there are more than `most`, but they are passed over.
    ///
    /// # Errors
    ///
    /// If the program has ended.
    pub fn bytes(&mut self, length: u64, most: u64) -> io::Result<Option<Vec<u8>>> {
        let mut next = (&mut self.answers).take(length);
        if length > most {
            io::copy(&mut next, &mut io::sink())?;
            return Ok(None);
        }
        let mut bytes = Vec::new();
        let read = next.read_to_end(&mut bytes)?;
        if u64::try_from(read).is_ok_and(|read| read == length) {
            Ok(Some(bytes))
        } else {
            Err(io::Error::from(io::ErrorKind::UnexpectedEof))
        }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        // It ends where its questions do.
        drop(self.questions.take());
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use crate::process::Program;

    #[test]
    fn answers_are_read_byte_by_byte() {
        let mut cat = Program::new("cat").answering().unwrap();
        assert_eq!(cat.ask("one").unwrap(), "one");
        assert_eq!(cat.ask("two\n\u{0}three").unwrap(), "two");
        assert_eq!(cat.bytes(6, 10).unwrap().unwrap(), b"\0three");
        assert_eq!(cat.bytes(1, 0).unwrap(), None);
        assert_eq!(cat.ask("four").unwrap(), "four");
    }

    #[test]
    fn a_program_that_has_ended_answers_nothing() {
        let mut end = Program::new("true").answering().unwrap();
        assert!(end.ask("one").is_err());
    }

    #[test]
    fn what_is_withheld_is_not_there() {
        let said = Program::new("sh")
            .with(["-c", "printf '%s' \"${HOME-none}\""])
            .without(&["HOME"])
            .said()
            .unwrap();
        assert_eq!((said.is_fine, said.out.as_slice()), (true, b"none".as_slice()));
    }
}
