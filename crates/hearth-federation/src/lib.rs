//! Wire types, signatures, pairing; peers logs, delivery and reception.
