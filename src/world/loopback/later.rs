//! A reply that comes later, from another thread: the loop goes on meanwhile, and is woken when it is there.

use super::Reply;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// What wakes the loop of one listener.
#[derive(Clone)]
pub struct Waker(Arc<PipeWriter>);

/// The other end.
pub(super) struct Alarm {
    reader: PipeReader,
    waker: Waker,
}

/// The duty to give a reply. One that is dropped answers that we are at fault: nobody waits for ever.
pub struct Promise(Option<(Place, Waker)>);

/// Where the reply will lie.
#[derive(Clone, Default)]
pub(super) struct Place(Arc<Mutex<Option<Reply>>>);

impl Alarm {
    pub(super) fn new() -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        rustix::io::ioctl_fionbio(&reader, true)?;
        rustix::io::ioctl_fionbio(&writer, true)?;
        Ok(Self {
            reader,
            waker: Waker(Arc::new(writer)),
        })
    }

    pub(super) fn waker(&self) -> Waker {
        self.waker.clone()
    }

    pub(super) fn reader(&self) -> &PipeReader {
        &self.reader
    }

    /// Takes note: what comes after this wakes again.
    pub(super) fn heard(&self) {
        let mut bytes = [0; 64];
        while matches!((&self.reader).read(&mut bytes), Ok(count) if count == bytes.len()) {}
    }
}

impl Waker {
    /// A reply that stands for one to come, and the duty to give it.
    #[must_use]
    pub fn later(&self) -> (Reply, Promise) {
        let place = Place::default();
        let promise = Promise(Some((place.clone(), self.clone())));
        (Reply::later(place), promise)
    }
}

impl Promise {
    /// Gives the reply.
    pub fn keep(mut self, reply: Reply) {
        self.put(reply);
    }

    fn put(&mut self, reply: Reply) {
        if let Some((place, waker)) = self.0.take() {
            *place.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reply);
            // A pipe that is full wakes as well.
            let _ = (&*waker.0).write(&[0]);
        }
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        self.put(Reply::new(500));
    }
}

impl Place {
    /// The reply, once it is there.
    pub(super) fn take(&self) -> Option<Reply> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
