//! The frame around every screen: navigation by the size of the window, the page with its heading, panes, palette,
//! toasts, keys, and what is said to screen readers.

pub mod app_frame;
mod commands;
mod desktop;
mod me_menu;
pub mod nav;
pub mod page;
pub mod panes;
mod rail;
pub mod update;

pub use app_frame::AppFrame;
pub use nav::{Go, use_go};
pub use page::{AppBar, Page, PageWidth};
pub use panes::{PaneGroup, PaneShown};
