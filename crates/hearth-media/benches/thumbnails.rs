//! Times the thumbnails of a 24-megapixel photograph and the memory that they take.
//!
//! `cargo bench -p hearth-media --bench thumbnails`
#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};

use hearth_media::{Limits, ingest_image, thumbnails};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

const WIDTH: u16 = 6000;
const HEIGHT: u16 = 4000;
const RUNS: usize = 9;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    for (name, progressive) in [("thumbnails_24mp", false), ("thumbnails_24mp_progressive", true)] {
        let photo = photo(progressive)?;
        let mut peak = 0;
        let time = median(|| {
            let before = memory("VmRSS");
            fs::write("/proc/self/clear_refs", "5").ok(); // forgets the peak so far
            let made = thumbnails(&photo, &Limits::default())?;
            peak = peak.max(memory("VmHWM").saturating_sub(before));
            assert_eq!(made.len(), 3);
            Ok(())
        })?;
        report(name, time.as_secs_f64() * 1000.0, "ms");
        report(&format!("{name}_peak"), peak as f64 * 1024.0 / 1e6, "MB");
    }
    let photo = photo(false)?;
    let time = median(|| {
        let ingested = ingest_image(&photo, &Limits::default())?;
        assert_eq!(ingested.preview.thumbnails()?.len(), 3);
        Ok(())
    })?;
    report("ingest_and_thumbnails_24mp", time.as_secs_f64() * 1000.0, "ms");
    let turned = with_orientation(&photo, 6);
    let time = median(|| {
        let ingested = ingest_image(&turned, &Limits::default())?;
        assert_eq!(ingested.width, u32::from(HEIGHT));
        Ok(())
    })?;
    report("ingest_turned_24mp", time.as_secs_f64() * 1000.0, "ms");
    Ok(())
}

fn median(mut work: impl FnMut() -> Outcome<()>) -> Outcome<Duration> {
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Instant::now();
        work()?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times.get(RUNS / 2).copied().unwrap_or_default())
}

#[expect(clippy::print_stdout, reason = "a measurement reports on standard output")]
fn report(name: &str, value: f64, unit: &str) {
    println!("{name} {value:.1} {unit}");
}

/// A line of `/proc/self/status` in KiB.
fn memory(line: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let value = status
        .lines()
        .find_map(|text| text.strip_prefix(line)?.strip_prefix(':'));
    value
        .and_then(|value| value.trim().strip_suffix(" kB")?.parse().ok())
        .unwrap_or_default()
}

/// Waves, edges and noise: about as hard to compress as a photograph.
fn photo(progressive: bool) -> Outcome<Vec<u8>> {
    let mut pixels = Vec::with_capacity(usize::from(WIDTH) * usize::from(HEIGHT) * 3);
    let mut state = 1u32;
    for y in 0..u32::from(HEIGHT) {
        for x in 0..u32::from(WIDTH) {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let noise = (state & 15) as f32;
            let wave = (x as f32 * 0.01).sin() * 60.0 + (y as f32 * 0.013).cos() * 60.0;
            let edge = if (x / 37 + y / 53) % 7 == 0 { 25.0 } else { 0.0 };
            let light = 110.0 + wave + edge;
            pixels.extend(
                [
                    light + noise,
                    light * 0.8 + noise + 10.0,
                    200.0 - light * 0.5 + noise,
                ]
                .map(|v| v as u8),
            );
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_progressive(progressive);
    encoder.encode(&pixels, WIDTH, HEIGHT, ColorType::Rgb)?;
    Ok(bytes)
}

/// Puts an EXIF segment with nothing but the orientation behind the start of the file.
fn with_orientation(photo: &[u8], orientation: u8) -> Vec<u8> {
    let exif = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0";
    let payload = [&exif[..], &[orientation, 0, 0, 0, 0, 0, 0]].concat();
    let len = (payload.len() as u16 + 2).to_be_bytes();
    let (start, rest) = photo.split_at(2);
    [start, &[0xFF, 0xE1], &len, &payload, rest].concat()
}
