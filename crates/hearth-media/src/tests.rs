//! Pictures from the file to the thumbnail.

use proptest::prelude::*;

use crate::fixtures::{self, MARKER};
use crate::{BlobStore, Ingested, Kind, Limits, MediaError, Result, Variant, ingest_image, ingest_reader};
use crate::{square_crop, thumbnails};

fn ingest(bytes: &[u8]) -> Result<Ingested> {
    ingest_image(bytes, &Limits::default())
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// The colours in the middle of the four quarters of a stored picture, named.
fn quarters(bytes: &[u8]) -> [&'static str; 4] {
    let ingested = ingest(bytes).unwrap();
    let raster = ingested.preview.smallest().unwrap().averaged(8, 8).unwrap();
    let count = raster.channels().count();
    [(1, 1), (6, 1), (1, 6), (6, 6)].map(|(x, y)| match raster.data()[(y * 8 + x) * count..][..3] {
        [200..=255, ..60, ..60] => "red",
        [..60, 170..=255, ..60] => "green",
        [..60, ..60, 200..=255] => "blue",
        [220..=255, 220..=255, 220..=255] => "white",
        _ => "?",
    })
}

#[test]
fn an_upright_jpeg_keeps_its_pixels_byte_for_byte_and_nothing_else() -> Result<()> {
    let ingested = ingest(&fixtures::jpeg_with_metadata(64, 48, 1))?;
    let plain = fixtures::jpeg(64, 48);
    assert!(!contains(&ingested.bytes, MARKER));
    assert_eq!(
        (ingested.kind, ingested.width, ingested.height),
        (Kind::Jpeg, 64, 48)
    );
    assert_eq!(ingested.captured_at.as_deref(), Some("2021-07-08T09:10:11"));
    assert!(
        contains(&ingested.bytes, "ICC_PROFILE"),
        "colours stay what they were"
    );
    let scan_at = plain.windows(2).position(|pair| pair == [0xFF, 0xDB]).unwrap();
    assert!(ingested.bytes.ends_with(&plain[scan_at..]));
    assert_eq!(
        ingest(&ingested.bytes)?.bytes,
        ingested.bytes,
        "nothing more to strip"
    );
    Ok(())
}

#[test]
fn every_orientation_is_applied_and_gps_is_gone() -> Result<()> {
    let expected = [
        ["red", "green", "blue", "white"],
        ["green", "red", "white", "blue"],
        ["white", "blue", "green", "red"],
        ["blue", "white", "red", "green"],
        ["red", "blue", "green", "white"],
        ["blue", "red", "white", "green"],
        ["white", "green", "blue", "red"],
        ["green", "white", "red", "blue"],
    ];
    for (value, expected) in (1..).zip(expected) {
        let size = if value < 5 { (90, 60) } else { (60, 90) };
        let png = fixtures::png_with_metadata(&fixtures::png_with_alpha(90, 60), value);
        for file in [
            fixtures::jpeg_with_metadata(90, 60, value),
            fixtures::webp_with_metadata(90, 60, value),
            png,
        ] {
            assert!(contains(&file, MARKER));
            let ingested = ingest(&file)?;
            assert_eq!((ingested.width, ingested.height), size, "{value}");
            assert!(
                !contains(&ingested.bytes, MARKER) && !contains(&ingested.bytes, "Exif"),
                "{value}"
            );
            assert!(ingested.captured_at.is_some());
            if ingested.kind != Kind::Png {
                assert_eq!(quarters(&ingested.bytes), expected, "{:?} {value}", ingested.kind);
                assert!(
                    contains(&ingested.bytes, "acsp"),
                    "the colour profile stays: {:?} {value}",
                    ingested.kind
                );
            }
        }
    }
    Ok(())
}

#[test]
fn thumbnails_of_a_picture_on_its_side_are_upright() -> Result<()> {
    let thumbnails = thumbnails(&fixtures::jpeg_with_metadata(900, 600, 6), &Limits::default())?;
    assert_eq!(thumbnails[1].width, 320);
    assert_eq!(thumbnails[1].height, 480);
    assert_eq!(quarters(&thumbnails[1].bytes), ["blue", "red", "white", "green"]);
    Ok(())
}

#[test]
fn a_png_keeps_its_pixels_and_loses_text_and_what_is_behind_its_end() -> Result<()> {
    let plain = fixtures::png_with_alpha(40, 30);
    let ingested = ingest(&fixtures::png_with_metadata(&plain, 1))?;
    assert_eq!(ingested.bytes, plain);
    assert_eq!(ingested.captured_at.as_deref(), Some("2020-01-02T03:04:05"));
    assert!(!ingested.animated);
    Ok(())
}

#[test]
fn deep_grey_and_animated_png_are_read() -> Result<()> {
    use png::ColorType::{Grayscale, GrayscaleAlpha, Rgb, Rgba};
    for colour in [Grayscale, GrayscaleAlpha, Rgb, Rgba] {
        let still = fixtures::png_deep(30, 20, colour, 1);
        assert_eq!(ingest(&still)?.bytes, still);
        let moving = fixtures::png_deep(30, 20, colour, 3);
        let ingested = ingest(&moving)?;
        assert!(ingested.animated);
        assert_eq!(ingested.bytes, moving);
    }
    Ok(())
}

#[test]
fn a_gif_keeps_its_animation_and_loses_comments() -> Result<()> {
    let file = fixtures::gif(20, 10, 3);
    assert!(contains(&file, MARKER));
    let ingested = ingest(&file)?;
    assert!(!contains(&ingested.bytes, MARKER));
    assert!(contains(&ingested.bytes, "NETSCAPE2.0"), "it goes on repeating");
    assert!(ingested.animated);
    assert_eq!((ingested.width, ingested.height), (20, 10));
    let mut decoder = gif::DecodeOptions::new().read_info(&ingested.bytes[..]).unwrap();
    let mut frames = 0;
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        assert_eq!((frame.left, frame.delay), (1, 5));
        frames += 1;
    }
    assert_eq!(frames, 3);
    assert_eq!(
        ingested.preview.thumbnails()?[0].kind,
        Kind::Png,
        "its border is transparent"
    );
    assert!(!ingest(&fixtures::gif(20, 10, 1))?.animated);
    Ok(())
}

#[test]
fn a_webp_keeps_its_pixels_and_its_animation() -> Result<()> {
    let still = ingest(&fixtures::webp_with_metadata(40, 30, 1))?;
    assert_eq!((still.kind, still.animated), (Kind::WebP, false));
    assert_eq!(still.captured_at.as_deref(), Some("2019-12-31T23:59:59"));
    let moving = ingest(&fixtures::webp_animated(40, 30))?;
    assert!(moving.animated);
    for ingested in [still, moving] {
        assert!(!contains(&ingested.bytes, MARKER));
        let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(&ingested.bytes)).unwrap();
        assert_eq!(decoder.num_frames(), if ingested.animated { 2 } else { 0 });
        assert_eq!(decoder.exif_metadata().unwrap(), None);
        assert_eq!(decoder.xmp_metadata().unwrap(), None);
        assert_eq!(quarters(&ingested.bytes), ["red", "green", "blue", "white"]);
        assert_eq!(ingest(&ingested.bytes)?.bytes, ingested.bytes);
    }
    Ok(())
}

#[test]
fn thumbnails_have_their_sizes_and_never_grow() -> Result<()> {
    let large = thumbnails(&fixtures::jpeg(2000, 1000), &Limits::default())?;
    let sizes: Vec<_> = large
        .iter()
        .map(|made| (made.variant, made.kind, made.width, made.height))
        .collect();
    assert_eq!(
        sizes,
        [
            (Variant::Small, Kind::Jpeg, 160, 80),
            (Variant::Medium, Kind::Jpeg, 480, 240),
            (Variant::Large, Kind::Jpeg, 1280, 640)
        ]
    );
    for made in &large {
        let again = ingest(&made.bytes)?;
        assert_eq!((again.width, again.height), (made.width, made.height));
        assert_eq!(quarters(&made.bytes), ["red", "green", "blue", "white"]);
    }
    let small = thumbnails(&fixtures::png_with_alpha(200, 100), &Limits::default())?;
    let sizes: Vec<_> = small
        .iter()
        .map(|made| (made.kind, made.width, made.height))
        .collect();
    assert_eq!(
        sizes,
        [(Kind::Png, 160, 80), (Kind::Png, 200, 100), (Kind::Png, 200, 100)]
    );
    assert_eq!(thumbnails(&fixtures::jpeg(1, 1), &Limits::default())?[2].width, 1);
    Ok(())
}

#[test]
fn squares_are_cut_where_the_person_saw_them() -> Result<()> {
    let limits = Limits::default();
    // On its side in the file; seen upright it is 600 by 900: blue, red / white, green.
    let file = fixtures::jpeg_with_metadata(900, 600, 6);
    let upper_right = square_crop(&file, 320, 20, 260, 128, &limits)?;
    assert_eq!((upper_right.side, upper_right.kind), (128, Kind::Jpeg));
    assert_eq!(quarters(&upper_right.bytes), ["red"; 4]);
    let lower_left = square_crop(&file, 0, 600, 300, 1000, &limits)?;
    assert_eq!(lower_left.side, 300, "not enlarged");
    assert_eq!(quarters(&lower_left.bytes), ["white"; 4]);
    for (x, y, size, out) in [
        (0, 0, 601, 10),
        (1, 0, 600, 10),
        (0, 301, 600, 10),
        (0, 0, 0, 10),
        (0, 0, 9, 0),
        (0, 0, 600, 5000),
        (u32::MAX, 0, 2, 2),
    ] {
        assert_eq!(
            square_crop(&file, x, y, size, out, &limits).unwrap_err().code(),
            "invalid_crop"
        );
    }
    Ok(())
}

#[test]
fn limits_hold_before_anything_is_decoded() {
    let code = |bytes: &[u8]| ingest(bytes).unwrap_err().code();
    // 60 000 by 60 000 pixels, in a few bytes.
    let header = [
        &60_000u32.to_be_bytes()[..],
        &60_000u32.to_be_bytes(),
        &[8, 6, 0, 0, 0],
    ]
    .concat();
    let bomb = [
        b"\x89PNG\r\n\x1A\n",
        &fixtures::png_chunk(b"IHDR", &header)[..],
        &fixtures::png_chunk(b"IDAT", b"x"),
    ]
    .concat();
    assert_eq!(code(&bomb), "image_too_large");

    let mut jpeg = fixtures::jpeg(16, 16);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    assert_eq!(code(&jpeg), "image_too_large");

    let mut gif = fixtures::gif(20, 10, 1);
    gif[6..10].copy_from_slice(&[0xFF; 4]);
    assert_eq!(code(&gif), "image_too_large");
    let mut gif = fixtures::gif(20, 10, 1);
    let frame = gif.iter().rposition(|byte| *byte == 0x2C).unwrap();
    gif[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    assert_eq!(code(&gif), "image_too_large", "a frame larger than its picture");

    let mut webp = fixtures::webp_with_metadata(16, 16, 1);
    webp[24..30].copy_from_slice(&[0xFF, 0x3F, 0, 0xFF, 0x3F, 0]);
    assert_eq!(code(&webp), "image_damaged", "two sizes");
    let lossless = webp.windows(4).position(|name| name == b"VP8L").unwrap();
    webp[lossless + 9..lossless + 13].copy_from_slice(&[0xFF; 4]);
    assert_eq!(code(&webp), "image_too_large");

    let limits = Limits {
        max_bytes: 1000,
        max_pixels: 100,
    };
    let exact = fixtures::png_with_alpha(10, 10);
    assert!(ingest_image(&exact, &limits).is_ok(), "limits are inclusive");
    assert_eq!(
        ingest_image(&fixtures::png_with_alpha(10, 11), &limits)
            .unwrap_err()
            .code(),
        "image_too_large"
    );
    let limits = Limits {
        max_bytes: exact.len() as u64 - 1,
        ..limits
    };
    assert_eq!(
        ingest_image(&exact, &limits).unwrap_err().code(),
        "file_too_large"
    );
    assert_eq!(
        ingest_reader(&exact[..], &limits).unwrap_err().code(),
        "file_too_large"
    );
    assert_eq!(thumbnails(&exact, &limits).unwrap_err().code(), "file_too_large");
}

#[test]
fn compressed_bombs_are_refused() {
    // Some kilobytes of colour profile that unpack to 80 MB.
    let mut file = Vec::new();
    let mut info = png::Info::with_size(4, 4);
    info.icc_profile = Some(vec![0; 80_000_000].into());
    let mut writer = png::Encoder::with_info(&mut file, info)
        .unwrap()
        .write_header()
        .unwrap();
    writer.write_image_data(&[0; 16]).unwrap();
    writer.finish().unwrap();
    assert!(file.len() < 1_000_000);
    // It is not unpacked; the picture is read without it.
    let made = ingest(&file).unwrap().preview.thumbnails().unwrap();
    assert!(
        made.iter()
            .all(|thumbnail| !contains(&thumbnail.bytes, "ICC_PROFILE"))
    );

    // A progressive JPEG file that has the decoder go over the picture thousands of times.
    let jpeg = fixtures::jpeg(16, 16);
    let scan = jpeg.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    let end = jpeg.len() - 2;
    let file = [&jpeg[..scan], &jpeg[scan..end].repeat(101), &jpeg[end..]].concat();
    assert!(matches!(ingest(&file), Err(MediaError::ImageDamaged(what)) if what == "Too many scans"));
}

#[test]
fn what_is_no_picture_is_told_apart() {
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    assert_eq!(ingest(heic).unwrap_err().code(), "heic_unsupported");
    assert_eq!(
        thumbnails(heic, &Limits::default()).unwrap_err().code(),
        "heic_unsupported"
    );
    for other in [&b""[..], b"%PDF-1.7", b"<svg/>", b"fLaC", b"\0\0\0\x18ftypmp42"] {
        assert_eq!(ingest(other).unwrap_err().code(), "unsupported_type");
    }
    for cut in [
        &b"\xFF\xD8\xFF"[..],
        b"\x89PNG\r\n\x1A\n",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
    ] {
        assert_eq!(ingest(cut).unwrap_err().code(), "image_damaged");
    }
}

#[test]
fn a_jpeg_file_that_was_cut_off_early_is_refused_wherever_it_was_cut() {
    let whole = fixtures::jpeg(320, 240);
    assert!(ingest(&whole).is_ok());
    for cut in [
        whole.len() / 3,
        whole.len() / 2,
        whole.len() * 9 / 10,
        whole.len() - 12,
    ] {
        let cut = &whole[..cut];
        let error = ingest(cut).unwrap_err();
        assert_eq!(
            error.code(),
            "image_damaged",
            "{} of {} bytes: {error}",
            cut.len(),
            whole.len()
        );
    }
    // What follows the end, as the film of a moving photo does, is no part of the picture.
    assert!(ingest(&[&whole[..], b"more"].concat()).is_ok());
}

#[test]
fn a_jpeg_without_its_end_mark_is_refused_as_nobody_knows_whether_it_is_whole() {
    let jpeg = fixtures::jpeg(64, 64);
    let error = ingest(&jpeg[..jpeg.len() - 2]).unwrap_err();
    assert_eq!(error.code(), "image_damaged");
}

#[test]
fn a_jpeg_in_grey_and_one_in_inks_are_read() -> Result<()> {
    let encode = |colour, pixels: &[u8]| {
        let mut bytes = Vec::new();
        jpeg_encoder::Encoder::new(&mut bytes, 95)
            .encode(pixels, 16, 16, colour)
            .unwrap();
        bytes
    };
    let grey = ingest(&encode(jpeg_encoder::ColorType::Luma, &[77; 256]))?;
    assert_eq!(grey.dominant.0, [77; 3]);
    let inks = [0u8, 255, 255, 0].repeat(256);
    for colour in [jpeg_encoder::ColorType::Cmyk, jpeg_encoder::ColorType::CmykAsYcck] {
        let red = ingest(&encode(colour, &inks))?;
        assert!(
            matches!(red.dominant.0, [250..=255, ..5, ..5]),
            "{colour:?} {}",
            red.dominant
        );
    }
    Ok(())
}

#[test]
fn colours_stand_for_the_picture_while_it_loads() -> Result<()> {
    let ingested = ingest(&fixtures::jpeg(300, 300))?;
    let text = ingested.placeholder.to_string();
    assert_eq!(text.len(), 72);
    let [first, .., last] = ingested.placeholder.colours();
    assert!(matches!(first.0, [200..=255, ..40, ..40]), "{first}");
    assert!(matches!(last.0, [230..=255, 230..=255, 230..=255]), "{last}");
    assert_eq!(ingested.dominant.to_string().len(), 7);
    Ok(())
}

#[test]
fn thumbnails_can_be_made_again_from_what_is_stored() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let store = BlobStore::open(dir.path())?;
    let ingested = ingest(&fixtures::jpeg_with_metadata(700, 500, 8))?;
    let hash = store.put_bytes(&ingested.bytes)?;
    let made = ingested.preview.thumbnails()?;
    for thumbnail in &made {
        store.put_variant(&hash, thumbnail.variant, &thumbnail.bytes)?;
    }
    store.delete_variants(&hash)?;
    let again = thumbnails(&store.read(&hash, u64::MAX)?, &Limits::default())?;
    assert_eq!(again, made);
    Ok(())
}

fn any_picture() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(fixtures::jpeg_with_metadata(33, 20, 6)),
        Just(fixtures::jpeg_with_metadata(33, 20, 1)),
        Just(fixtures::png_with_metadata(&fixtures::png_with_alpha(33, 20), 1)),
        Just(fixtures::png_deep(9, 7, png::ColorType::GrayscaleAlpha, 2)),
        Just(fixtures::gif(33, 20, 2)),
        Just(fixtures::webp_with_metadata(33, 20, 5)),
        Just(fixtures::webp_animated(33, 20)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(400), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn truncated_and_changed_files_never_break_anything(
        mut file in any_picture(),
        cut in prop::option::of(any::<prop::sample::Index>()),
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0u8..8), 0..6),
    ) {
        if let Some(cut) = cut {
            file.truncate(cut.index(file.len()));
        }
        for (at, bit) in flips {
            if !file.is_empty() {
                let at = at.index(file.len());
                file[at] ^= 1 << bit;
            }
        }
        let limits = Limits { max_pixels: 1_000_000, ..Limits::default() };
        if let Ok(ingested) = ingest_image(&file, &limits) {
            prop_assert!(ingested.preview.thumbnails().is_ok());
            let again = ingest_image(&ingested.bytes, &limits);
            prop_assert!(again.is_ok_and(|again| again.bytes == ingested.bytes), "what is stored is clean");
        }
        if let Ok(square) = square_crop(&file, 1, 2, 5, 3, &limits) {
            prop_assert_eq!(square.side, 3);
        }
    }
}
