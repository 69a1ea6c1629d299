//! What the fuzz targets share: a world in memory that the real program runs in, and what must hold of whatever it does.

pub mod check;
pub mod home;
pub mod scene;
pub mod setting;

pub use scene::Scene;
pub use setting::Setting;
