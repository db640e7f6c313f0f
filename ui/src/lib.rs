//! The Hearth window.
