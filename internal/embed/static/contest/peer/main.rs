//! Embeds the lines of a file with a model again and again for some seconds: model, file,
//! seconds. Prints texts, seconds and processor seconds.

use model2vec_rs::model::StaticModel;
use std::{env, fs, hint::black_box, time::Instant};

fn main() {
    let args: Vec<String> = env::args().collect();
    let model = StaticModel::from_pretrained(&args[1], None, None, None).expect("model");
    let texts: Vec<String> = fs::read_to_string(&args[2]).expect("texts").lines().map(String::from).collect();
    let seconds: f64 = args[3].parse().expect("seconds");

    black_box(model.encode_flat(&texts));
    let (mut done, before, start) = (0, processor(), Instant::now());
    while start.elapsed().as_secs_f64() < seconds {
        black_box(model.encode_flat(&texts));
        done += texts.len();
    }
    println!("{} {} {}", done, start.elapsed().as_secs_f64(), processor() - before);
}

/// User and system time of this process in seconds.
fn processor() -> f64 {
    let mut u: libc::rusage = unsafe { std::mem::zeroed() };
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut u) };
    let seconds = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 / 1e6;
    seconds(u.ru_utime) + seconds(u.ru_stime)
}
