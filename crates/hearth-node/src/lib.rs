//! Puts Hearth together: Node, dispatch, workers, listeners; the headless binary hearth.
