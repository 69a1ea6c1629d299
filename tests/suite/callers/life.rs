//! What every caller meets in the life of a login.

use crate::support::{Bed, Done};
use entra_sandbox::{Fault, FaultKind, Refusal};
use entra_token::error::Kind;

/// How one program calls us.
pub(super) struct Case<'a> {
    pub(super) args: &'a [&'a str],
    pub(super) input: &'a str,
    /// Finds the token in an answer.
    pub(super) token: fn(&str) -> String,
    /// A call that cannot be understood.
    pub(super) malformed: (&'a [&'a str], &'a str),
    /// What a failure must look like.
    pub(super) failed: fn(&Done, Kind),
}

/// Nothing on standard output, one line on standard error, our own exit status.
#[track_caller]
pub(super) fn told(done: &Done, kind: Kind) {
    assert_eq!(
        (done.exit, done.out.as_str()),
        (Some(kind.exit().into()), ""),
        "{done:?}"
    );
    assert!(
        done.err.starts_with("entra-token: ") && done.err.lines().count() == 1,
        "{done:?}"
    );
}

impl Case<'_> {
    /// Ana is signed in; in the end nobody is.
    #[track_caller]
    pub(super) fn through(&self, bed: &Bed) {
        let call = || bed.run(self.args.iter().copied()).stdin(self.input);
        let first = bed.token();
        assert_eq!((self.token)(&call().ok()), first, "cached");
        assert_eq!(bed.posts(), 0);

        bed.store().age(75 * 60);
        let second = (self.token)(&call().ok());
        assert_ne!(second, first, "refreshed");
        assert_eq!((second, bed.posts()), (bed.token(), 1));

        bed.store().age(75 * 60);
        bed.sandbox.refuse(Refusal::new(50_076));
        let done = call().done();
        (self.failed)(&done, Kind::InteractionRequired);
        assert!(
            done.out.contains("entra-token login") || done.err.contains("entra-token login"),
            "{done:?}"
        );
        bed.sandbox.clear_refusals();
        bed.store().forgive();

        bed.sandbox
            .fault(Fault::token(FaultKind::Close { acted: false }).always());
        (self.failed)(&call().done(), Kind::Network);
        bed.sandbox.clear_faults();
        bed.store().forgive();

        let (args, input) = self.malformed;
        (self.failed)(&bed.run(args.iter().copied()).stdin(input).done(), Kind::BadRequest);
        assert_ne!((self.token)(&call().ok()), first, "all is well again");

        bed.run(["logout", "--all"]).ok();
        (self.failed)(&call().done(), Kind::NotFound);
    }
}
