//! Sign-ins whose next page is in front of somebody.

use std::sync::Mutex;

use serde_json::{Value, json};

use crate::directory::User;
use crate::entra::signin::{Signin, Step};
use crate::locked::locked;
use crate::random;
use crate::state::State;

/// They are forgotten beyond this number, the oldest first.
const MOST: usize = 1000;

/// All of them, by what the page carries in a hidden field.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<Vec<Kept>>);

#[derive(Clone)]
struct Kept {
    id: String,
    signin: Signin,
    /// Whether the page was sent. It may be sent again: browsers have a button for going back.
    sent: bool,
}

impl Waiting {
    /// Keeps one; gives what the page carries.
    pub(crate) fn put(&self, signin: Signin) -> String {
        let id = random::text(43);
        let mut waiting = locked(&self.0);
        if waiting.len() >= MOST {
            waiting.remove(0);
        }
        waiting.push(Kept {
            id: id.clone(),
            signin,
            sent: false,
        });
        id
    }

    /// The sign-in as it was when the page was made.
    pub(crate) fn take(&self, id: &str) -> Option<Signin> {
        let mut waiting = locked(&self.0);
        let kept = waiting.iter_mut().find(|kept| kept.id == id)?;
        kept.sent = true;
        Some(kept.signin.clone())
    }

    /// The number that the second factor of `user` shows; that of the newest sign-in, if there are several.
    pub(crate) fn number(&self, state: &State, user: &User) -> Option<String> {
        let mut newest = self.unsent().into_iter().rev();
        let found = newest.find(|signin| signin.user == Some(user) && asks(signin, state));
        found.map(|signin| signin.number)
    }

    /// What waits, for the control API.
    pub(crate) fn list(&self, state: &State) -> Value {
        let row = |signin: &Signin| {
            let step = signin.next(state).ok().flatten();
            let mut row = json!({
                "client_id": signin.app.client_id,
                "user": signin.user.map(|user| user.upn),
                "step": step,
            });
            if step == Some(Step::SecondFactor) {
                row["number"] = json!(signin.number);
            }
            row
        };
        self.unsent().iter().map(row).collect()
    }

    pub(crate) fn clear(&self) {
        locked(&self.0).clear();
    }

    fn unsent(&self) -> Vec<Signin> {
        let waiting = locked(&self.0);
        let unsent = waiting.iter().filter(|kept| !kept.sent);
        unsent.map(|kept| kept.signin.clone()).collect()
    }
}

fn asks(signin: &Signin, state: &State) -> bool {
    signin.next(state).is_ok_and(|step| step == Some(Step::SecondFactor))
}
