//! A worker as its parent sees it: a process that takes orders and tells events, watched and ended if need be.

use std::{
    env, io,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::Duration,
};

use crate::reading::Event;

use super::messages::{Order, line};

/// Ended on drop. It ends by itself when its parent does, since its standard input is closed then.
pub struct Process {
    child: Child,
    orders: ChildStdin,
    events: Receiver<Event>,
}

impl Process {
    /// # Errors
    /// The system starts none.
    pub fn start(assignment: &str) -> io::Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.arg("worker").stdin(Stdio::piped()).stdout(Stdio::piped());
        // Ctrl-C goes to the parent alone, which knows what to do.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let (orders, events) = (child.stdin.take(), child.stdout.take());
        let (Some(orders), Some(events)) = (orders, events) else { return Err(io::ErrorKind::Other.into()) };
        let mut process = Self { child, orders, events: heard(events) };
        // One that has died already shows when it is given an order.
        let _ = process.orders.write_all(assignment.as_bytes());
        Ok(process)
    }

    /// # Errors
    /// It has died.
    pub fn order(&mut self, order: &Order) -> io::Result<()> {
        self.orders.write_all(line(order).as_bytes())
    }

    /// The next event; `None` if nothing comes in time.
    ///
    /// # Errors
    /// It has died, and will say no more.
    pub fn event(&self, time: Duration) -> Result<Option<Event>, ()> {
        match self.events.recv_timeout(time) {
            Ok(event) => Ok(Some(event)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(()),
        }
    }

    /// How it ended, which it must have.
    pub fn status(&mut self) -> io::Result<ExitStatus> {
        // It may have closed its output and live on.
        let _ = self.child.kill();
        self.child.wait()
    }

    /// Bytes in memory; 0 where the system does not say.
    pub fn memory(&self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kib| kib << 10)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.status();
    }
}

/// A pipe cannot be waited at for some time only, so that a thread reads it.
fn heard(events: ChildStdout) -> Receiver<Event> {
    let (tell, hear) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(events).lines().map_while(Result::ok) {
            match serde_json::from_str(&line) {
                Ok(event) => {
                    if tell.send(event).is_err() {
                        break;
                    }
                }
                // Of a native library that prints.
                Err(_) => eprintln!("{line}"),
            }
        }
    });
    hear
}
