//! A value that many components show: read anywhere, changed in one place, drawn again where it is used.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::thread::LocalKey;
use yew::prelude::*;

/// A shared value with listeners. Lives in a `thread_local!`.
pub struct Store<T> {
    value: RefCell<Rc<T>>,
    listeners: RefCell<Vec<(u32, Callback<Rc<T>>)>>,
    next: Cell<u32>,
}

impl<T: PartialEq + 'static> Store<T> {
    /// A store with its first value.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self {
            value: RefCell::new(Rc::new(value)),
            listeners: RefCell::default(),
            next: Cell::new(0),
        }
    }

    /// The value now.
    #[must_use]
    pub fn get(&self) -> Rc<T> {
        Rc::clone(&self.value.borrow())
    }

    /// Replaces the value; listeners hear of it when it differs.
    pub fn set(&self, value: T) {
        if **self.value.borrow() == value {
            return;
        }
        let value = Rc::new(value);
        self.value.replace(Rc::clone(&value));
        let listeners: Vec<_> = self.listeners.borrow().iter().map(|(_, l)| l.clone()).collect();
        for listener in listeners {
            listener.emit(Rc::clone(&value));
        }
    }

    /// Changes the value.
    pub fn update(&self, change: impl FnOnce(&mut T))
    where
        T: Clone,
    {
        let mut value = (**self.value.borrow()).clone();
        change(&mut value);
        self.set(value);
    }

    fn listen(&self, listener: Callback<Rc<T>>) -> u32 {
        let id = self.next.get();
        self.next.set(id.wrapping_add(1));
        self.listeners.borrow_mut().push((id, listener));
        id
    }

    fn unlisten(&self, id: u32) {
        self.listeners.borrow_mut().retain(|(other, _)| *other != id);
    }
}

/// The value of a store, drawn again when it changes.
#[hook]
pub fn use_store<T: PartialEq + 'static>(store: &'static LocalKey<Store<T>>) -> Rc<T> {
    let state = use_state(|| store.with(Store::get));
    let setter = state.setter();
    use_effect_with((), move |()| {
        // It may have changed between drawing and listening.
        setter.set(store.with(Store::get));
        let id = store.with(|s| s.listen(Callback::from(move |value| setter.set(value))));
        move || {
            let _gone = store.try_with(|s| s.unlisten(id));
        }
    });
    Rc::clone(&state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_hear_changes_only() {
        let store = Store::new(1);
        let heard = Rc::new(RefCell::new(Vec::new()));
        let sink = Rc::clone(&heard);
        let id = store.listen(Callback::from(move |v: Rc<i32>| sink.borrow_mut().push(*v)));
        store.set(1);
        store.set(2);
        store.update(|v| *v += 1);
        store.unlisten(id);
        store.set(9);
        assert_eq!(*heard.borrow(), vec![2, 3]);
        assert_eq!(*store.get(), 9);
    }
}
