//! A question whose answer nobody sees: typed on a terminal without echo, or read from whatever standard input is. Knows
//! nothing of what is asked for.

use super::value::LIMIT;
use crate::disk::words;
use crate::error::CommandError;
use crate::terminal::Console;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios};
use std::io::{self, IsTerminal, Read};
use std::os::fd::{AsFd, BorrowedFd};

/// What came of a question.
pub enum Answer {
    /// The bytes, without the newline at their end.
    Bytes(Vec<u8>),
    /// The person stopped the program.
    Interrupted,
}

/// Reads standard input to its end, or asks on the terminal if it is one. Not more is read than a value may have.
///
/// # Errors
///
/// If standard input cannot be read, or what was typed cannot have been meant.
pub fn ask(question: &str, console: &Console) -> Result<Answer, CommandError> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        let mut bytes = Vec::new();
        // A newline more, which does not count.
        let most = u64::try_from(LIMIT).unwrap_or(u64::MAX).saturating_add(1);
        stdin
            .lock()
            .take(most)
            .read_to_end(&mut bytes)
            .map_err(|error| failed(&error))?;
        if bytes.pop_if(|last| *last == b'\n').is_some() {
            bytes.pop_if(|last| *last == b'\r');
        }
        return Ok(Answer::Bytes(bytes));
    }
    let hidden = Hidden::new(stdin.as_fd()).map_err(|error| failed(&error))?;
    console.aside(question);
    let typed = typed(&hidden);
    // What was typed or pasted behind the answer must not become a command of the shell.
    drop(hidden);
    console.aside("\n");
    match typed.map_err(|error| failed(&error))? {
        Typed::Line(bytes) => Ok(Answer::Bytes(bytes)),
        Typed::Interrupted => Ok(Answer::Interrupted),
        Typed::Control => Err(CommandError::CommandLine {
            message: "a key was pressed that makes no character; nothing was changed".to_owned(),
            help: vec!["a value with control characters is read from a pipe or a file".to_owned()],
        }),
        Typed::Lines => Err(CommandError::CommandLine {
            message: "more than one line was given; nothing was changed".to_owned(),
            help: vec![
                "a value with several lines is read from a pipe or a file, as with `<file`".to_owned(),
            ],
        }),
    }
}

fn failed(error: &io::Error) -> CommandError {
    let message = format!("standard input cannot be read: {}", words(error));
    CommandError::surroundings(
        message,
        "give the value on a terminal, through a pipe or from a file",
    )
}

/// A terminal without echo, on which the keys that stop a program are characters. It is as it was when this is dropped,
/// and what was typed and not read is gone.
struct Hidden<'f> {
    terminal: BorrowedFd<'f>,
    before: Termios,
}

impl<'f> Hidden<'f> {
    fn new(terminal: BorrowedFd<'f>) -> io::Result<Self> {
        let before = rustix::termios::tcgetattr(terminal)?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(
            LocalModes::ECHO
                | LocalModes::ECHONL
                | LocalModes::ICANON
                | LocalModes::ISIG
                | LocalModes::IEXTEN,
        );
        // A read returns with the first character, however long it takes.
        quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
        quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
        let hidden = Self { terminal, before };
        rustix::termios::tcsetattr(terminal, OptionalActions::Flush, &quiet)?;
        Ok(hidden)
    }

    /// The next byte; `None` if the terminal is gone.
    fn next(&self) -> io::Result<Option<u8>> {
        let mut byte = [0];
        loop {
            match rustix::io::read(self.terminal, &mut byte) {
                Ok(0) => return Ok(None),
                Ok(_) => return Ok(byte.first().copied()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether more was typed already.
    fn has_more(&self) -> io::Result<bool> {
        Ok(rustix::io::ioctl_fionread(self.terminal)? > 0)
    }
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing.
        let _ = rustix::termios::tcsetattr(self.terminal, OptionalActions::Flush, &self.before);
    }
}

/// What a person typed.
enum Typed {
    Line(Vec<u8>),
    /// More came behind the line at once: a paste.
    Lines,
    Interrupted,
    /// A key without a character, such as an arrow.
    Control,
}

/// Ctrl-C.
const INTERRUPT: u8 = 3;
/// Ctrl-D.
const END: u8 = 4;
/// Ctrl-U.
const ERASE_LINE: u8 = 21;
/// The two that erase a character, as terminals have them.
const ERASE: [u8; 2] = [8, 127];

fn typed(hidden: &Hidden<'_>) -> io::Result<Typed> {
    let mut line = Vec::new();
    loop {
        match hidden.next()? {
            Some(b'\n' | b'\r') if hidden.has_more()? => return Ok(Typed::Lines),
            None | Some(b'\n' | b'\r') => return Ok(Typed::Line(line)),
            Some(INTERRUPT) => return Ok(Typed::Interrupted),
            Some(END) if line.is_empty() => return Ok(Typed::Interrupted),
            Some(END) => return Ok(Typed::Line(line)),
            Some(ERASE_LINE) => line.clear(),
            Some(byte) if ERASE.contains(&byte) => erase(&mut line),
            Some(byte) if byte < b' ' && byte != b'\t' => return Ok(Typed::Control),
            // Too long is too long, however much there is.
            Some(byte) if line.len() <= LIMIT => line.push(byte),
            Some(_) => {}
        }
    }
}

/// Takes the last character away, which may have several bytes.
fn erase(line: &mut Vec<u8>) {
    let continues = |byte: &mut u8| *byte & 0b1100_0000 == 0b1000_0000;
    while line.pop_if(continues).is_some() {}
    line.pop();
}

#[cfg(test)]
mod tests {
    use super::erase;

    #[test]
    fn erasing_takes_a_whole_character() {
        let mut line = "aé\u{1f600}".as_bytes().to_vec();
        erase(&mut line);
        assert_eq!(line, "aé".as_bytes());
        erase(&mut line);
        erase(&mut line);
        erase(&mut line);
        assert!(line.is_empty());
    }
}
