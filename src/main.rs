//! Brings the real world; all else is in `lib.rs`.

use std::process::ExitCode;

/// musl's allocator asks the kernel for every few pages: 45 system calls in a warm call, of the 60 that it may have.
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[expect(clippy::disallowed_methods, reason = "main hands the arguments to `run`")]
fn main() -> ExitCode {
    let world = entra_token::world::World::real();
    ExitCode::from(entra_token::run(std::env::args_os(), &world))
}
