//! The fuzzer's `parting`; see the library.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hearth_fuzz::parting(bytes));
