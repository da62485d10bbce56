//! Development aid: reads images, prints JSON lines.
use std::time::Instant;
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/stat").unwrap();
    let f: Vec<&str> = s.rsplit(") ").next().unwrap().split(' ').collect();
    (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0
}
fn main() {
    let models = flatleaf::Models::with_threads(&flatleaf::Assets::default_location(), 1).unwrap();
    let warm = flatleaf::content::Raster {
        pixels: image::RgbImage::from_pixel(320, 64, image::Rgb([255; 3])),
        scale: 1.0,
    };
    flatleaf::steps::ocr::read(&models, &warm, &[]).unwrap();
    for path in std::env::args().skip(1) {
        let pixels = image::open(&path).unwrap().to_rgb8();
        let raster = flatleaf::content::Raster { pixels, scale: 200.0 / 72.0 };
        let (c, t) = (cpu(), Instant::now());
        let reading = flatleaf::steps::ocr::read(&models, &raster, &[]).unwrap();
        let (c, t) = (cpu() - c, t.elapsed().as_secs_f64());
        let k = raster.scale;
        let r = |r: &flatleaf::geometry::Rect| vec![r.x0 * k, r.y0 * k, r.x1 * k, r.y1 * k];
        let spans: Vec<_> = reading.spans.iter().map(|s| serde_json::json!({
            "text": s.text, "box": r(&s.rect), "confidence": s.confidence, "size": s.size, "baseline": s.baseline * k,
            "words": s.words.iter().map(|w| (w.text.clone(), r(&w.rect), w.confidence)).collect::<Vec<_>>()
        })).collect();
        println!(
            "{}",
            serde_json::json!({"file": path, "turn": reading.turn.degrees(), "skew": reading.skew, "cpu": c, "wall": t, "spans": spans})
        );
        if let Ok(out) = std::env::var("UPRIGHT") {
            let name = std::path::Path::new(&path).file_stem().unwrap().to_string_lossy().into_owned();
            flatleaf::steps::ocr::upright(&raster, reading.turn, reading.skew)
                .pixels
                .save(format!("{out}/{name}.png"))
                .unwrap();
        }
    }
}
