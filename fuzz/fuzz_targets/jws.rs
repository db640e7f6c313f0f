//! The fuzzer's `jws`; see the library.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hearth_fuzz::jws(bytes));
