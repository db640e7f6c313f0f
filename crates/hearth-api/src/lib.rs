//! What Hearth's clients and core say to each other: ids, requests, answers, events, errors.
