//! Printing what was measured: one `name value unit` a line.

use std::time::Duration;

/// Times that were measured.
#[derive(Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// One more.
    pub fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The time that so many per cent stayed within.
    ///
    /// # Panics
    /// When nothing was measured.
    #[must_use]
    pub fn percentile(&mut self, percent: usize) -> Duration {
        self.0.sort_unstable();
        let last = self.0.len().checked_sub(1).expect("something was measured");
        self.0[(last * percent).div_ceil(100)]
    }
}

/// Prints a time in milliseconds.
pub fn report_ms(name: &str, time: Duration) {
    report(name, time.as_secs_f64() * 1000.0, "ms");
}

/// Prints a figure.
#[expect(clippy::print_stdout, reason = "a measurement reports on standard output")]
pub fn report(name: &str, value: f64, unit: &str) {
    println!("{name} {value:.2} {unit}");
}
