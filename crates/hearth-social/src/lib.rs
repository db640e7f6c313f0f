//! People, friends, posts, media, notifications: who may see and do what.
