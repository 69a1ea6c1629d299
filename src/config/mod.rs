//! What a call means: the call itself, the environment, `config.toml` and the calling tool's variables, brought together
//! by one resolver that can say why each value won. Knows words and the world only.

mod databrickscfg;
mod door;
mod field;
mod file;
mod resolve;
mod said;
mod settings;
mod toml;
mod why;

pub use databrickscfg::workspaces;
pub use door::native_door;
pub use field::Field;
pub use resolve::{Resolved, resolve};
pub use said::{Bad, Layer, Said};
pub use settings::{Settings, load, stamp};
