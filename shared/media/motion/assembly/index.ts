// The camera's arithmetic on planar 8-bit pictures (compiled by `npm run build:wasm`; not seen by tsc).
// The host lays out the memory and passes pointers. Every span written is at least 8 samples wide.

const VERTICAL_ONE: i32 = 32767; // Q15, so that q15mulr keeps a whole weight
const HORIZONTAL_ONE: i32 = 16384; // Q14

/** BT.709, limited range, in 1/65536. */
// @ts-ignore: decorator
@inline function luma(r: i32, g: i32, b: i32): i32 {
  return (11966 * r + 40254 * g + 4064 * b + 1081344) >> 16;
}
// @ts-ignore: decorator
@inline function blueDifference(r: i32, g: i32, b: i32): i32 {
  return (-6596 * r - 22189 * g + 28784 * b + 8421376) >> 16;
}
// @ts-ignore: decorator
@inline function redDifference(r: i32, g: i32, b: i32): i32 {
  return (28784 * r - 26145 * g - 2639 * b + 8421376) >> 16;
}

/**
 * Opaque RGBA to 4:2:0. `height` and `width` are even. Chroma is sited left, as H.264 assumes: filtered
 * 1-2-1 across, 1-1 down.
 */
export function fromRgba(
  rgba: usize, width: i32, height: i32, y: usize, yStride: i32, u: usize, v: usize, chromaStride: i32,
): void {
  for (let row = 0; row < height; row++) {
    let from = rgba + row * width * 4;
    const to = y + row * yStride;
    for (let x = 0; x < width; x++, from += 4) {
      store<u8>(to + x, luma(load<u8>(from), load<u8>(from, 1), load<u8>(from, 2)));
    }
  }
  for (let row = 0; row < height; row += 2) {
    for (let x = 0; x < width; x += 2) {
      const here = x * 4;
      const left = x == 0 ? here : here - 4;
      let r = 0, g = 0, b = 0;
      for (let line = 0; line < 2; line++) {
        const from = rgba + (row + line) * width * 4;
        r += load<u8>(from + left) + 2 * load<u8>(from + here) + load<u8>(from + here, 4);
        g += load<u8>(from + left, 1) + 2 * load<u8>(from + here, 1) + load<u8>(from + here, 5);
        b += load<u8>(from + left, 2) + 2 * load<u8>(from + here, 2) + load<u8>(from + here, 6);
      }
      r = (r + 4) >> 3; g = (g + 4) >> 3; b = (b + 4) >> 3;
      const at = (row >> 1) * chromaStride + (x >> 1);
      store<u8>(u + at, blueDifference(r, g, b));
      store<u8>(v + at, redDifference(r, g, b));
    }
  }
}

/** Repeats the border samples outwards, so that a tap beyond the picture reads its edge. */
export function extendEdges(plane: usize, stride: i32, width: i32, height: i32, pad: i32): void {
  for (let row = 0; row < height; row++) {
    const start = plane + row * stride;
    memory.fill(start - pad, load<u8>(start), pad);
    memory.fill(start + width, load<u8>(start + width - 1), pad);
  }
  const whole = width + 2 * pad;
  for (let row = 1; row <= pad; row++) {
    memory.copy(plane - pad - row * stride, plane - pad, whole);
    memory.copy(plane - pad + (height - 1 + row) * stride, plane - pad + (height - 1) * stride, whole);
  }
}

/** Mean of a plane, 0 to 255. */
export function mean(plane: usize, stride: i32, width: i32, height: i32): i32 {
  let sum: u64 = 0;
  for (let row = 0; row < height; row++) {
    for (let x = 0; x < width; x++) sum += load<u8>(plane + row * stride + x);
  }
  return i32(sum / (u64(width) * u64(height)));
}

/**
 * For each of `count` samples of the frame: which source sample is the first of its four taps, and the taps'
 * weights (Catmull-Rom: Keys, "Cubic convolution interpolation", 1981, a = −1/2). Sample i reads position `origin + i * step`.
 */
function layAxis(count: i32, origin: f64, step: f64, limit: i32, one: i32, index: usize, weights: usize): void {
  for (let i = 0; i < count; i++) {
    const position = origin + step * f64(i);
    let first = i32(Math.floor(position));
    const t = position - f64(first);
    first = first < 0 ? 0 : first > limit - 1 ? limit - 1 : first;
    store<i32>(index + i * 4, first - 1);
    const t2 = t * t, t3 = t2 * t, scale = f64(one);
    const w0 = i32(Math.round(scale * (-0.5 * t + t2 - 0.5 * t3)));
    const w2 = i32(Math.round(scale * (0.5 * t + 2.0 * t2 - 1.5 * t3)));
    const w3 = i32(Math.round(scale * (-0.5 * t2 + 0.5 * t3)));
    const at = weights + i * 8;
    store<i16>(at, i16(w0));
    store<i16>(at, i16(one - w0 - w2 - w3), 2);
    store<i16>(at, i16(w2), 4);
    store<i16>(at, i16(w3), 6);
  }
}

/** Eight samples of one frame row from the vertically filtered `row` (Q6). */
// @ts-ignore: decorator
@inline function eightAcross(row: usize, index: usize, weights: usize): v128 {
  const half = i32x4.splat(1 << 19);
  let a = v128.load64_zero(row + load<i32>(index) * 2);
  a = v128.load64_lane(row + load<i32>(index, 4) * 2, a, 1);
  let b = v128.load64_zero(row + load<i32>(index, 8) * 2);
  b = v128.load64_lane(row + load<i32>(index, 12) * 2, b, 1);
  let c = v128.load64_zero(row + load<i32>(index, 16) * 2);
  c = v128.load64_lane(row + load<i32>(index, 20) * 2, c, 1);
  let d = v128.load64_zero(row + load<i32>(index, 24) * 2);
  d = v128.load64_lane(row + load<i32>(index, 28) * 2, d, 1);
  const da = i32x4.dot_i16x8_s(a, v128.load(weights));
  const db = i32x4.dot_i16x8_s(b, v128.load(weights, 16));
  const dc = i32x4.dot_i16x8_s(c, v128.load(weights, 32));
  const dd = i32x4.dot_i16x8_s(d, v128.load(weights, 48));
  const low = i32x4.add(i32x4.shuffle(da, db, 0, 2, 4, 6), i32x4.shuffle(da, db, 1, 3, 5, 7));
  const high = i32x4.add(i32x4.shuffle(dc, dd, 0, 2, 4, 6), i32x4.shuffle(dc, dd, 1, 3, 5, 7));
  const words = i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(low, half), 20), i32x4.shr_s(i32x4.add(high, half), 20));
  return i8x16.narrow_i16x8_u(words, words);
}

/**
 * One plane of one frame: sample (i, j) reads the source at (`originX + i*step`, `originY + j*step`) through
 * a 4-tap separable filter, down first, then across. `source` points at sample (0, 0) inside its padding;
 * `scratch` holds the tables and one filtered row.
 */
export function resample(
  source: usize, stride: i32, sourceWidth: i32, sourceHeight: i32,
  target: usize, width: i32, height: i32,
  originX: f64, originY: f64, step: f64, scratch: usize,
): void {
  const columns = scratch;
  const columnWeights = columns + width * 4;
  const rows = columnWeights + width * 8;
  const rowWeights = rows + height * 4;
  const filtered = (rowWeights + height * 8 + 15) & ~15;
  layAxis(width, originX, step, sourceWidth, HORIZONTAL_ONE, columns, columnWeights);
  layAxis(height, originY, step, sourceHeight, VERTICAL_ONE, rows, rowWeights);
  const first = load<i32>(columns);
  const needed = load<i32>(columns + (width - 1) * 4) + 4 - first;
  const row = filtered - first * 2;
  for (let j = 0; j < height; j++) {
    const line = source + load<i32>(rows + j * 4) * stride + first;
    const weights = rowWeights + j * 8;
    const w0 = i16x8.splat(load<i16>(weights)), w1 = i16x8.splat(load<i16>(weights, 2));
    const w2 = i16x8.splat(load<i16>(weights, 4)), w3 = i16x8.splat(load<i16>(weights, 6));
    for (let x = 0; x < needed; x += 8) {
      const at = line + x;
      const a = i16x8.q15mulr_sat_s(i16x8.shl(v128.load8x8_u(at), 6), w0);
      const b = i16x8.q15mulr_sat_s(i16x8.shl(v128.load8x8_u(at + stride), 6), w1);
      const c = i16x8.q15mulr_sat_s(i16x8.shl(v128.load8x8_u(at + 2 * stride), 6), w2);
      const d = i16x8.q15mulr_sat_s(i16x8.shl(v128.load8x8_u(at + 3 * stride), 6), w3);
      v128.store(filtered + x * 2, i16x8.add(i16x8.add(a, b), i16x8.add(c, d)));
    }
    const to = target + j * width;
    let x = 0;
    for (; x <= width - 8; x += 8) {
      v128.store64_lane(to + x, eightAcross(row, columns + x * 4, columnWeights + x * 8), 0);
    }
    if (x < width) {
      x = width - 8;
      v128.store64_lane(to + x, eightAcross(row, columns + x * 4, columnWeights + x * 8), 0);
    }
  }
}

/** Moves `count` samples towards `colour` by `amount` of 256. */
export function dip(plane: usize, count: i32, colour: i32, amount: i32): void {
  const keep = i16x8.splat(i16(256 - amount));
  const add = i16x8.splat(i16(colour * amount + 128));
  let i = 0;
  for (; i <= count - 8; i += 8) {
    const samples = i16x8.shr_u(i16x8.add(i16x8.mul(v128.load8x8_u(plane + i), keep), add), 8);
    v128.store64_lane(plane + i, i8x16.narrow_i16x8_u(samples, samples), 0);
  }
  for (; i < count; i++) {
    store<u8>(plane + i, u8((i32(load<u8>(plane + i)) * (256 - amount) + colour * amount + 128) >> 8));
  }
}

/**
 * Straight-alpha RGBA to an overlay: per plane, what is kept of the frame (of 256) and what is added to it
 * (premultiplied, of 256), both 16 bit; chroma at half size. `opacity` of 256. Sides are even.
 */
export function layOverlay(
  rgba: usize, width: i32, height: i32, opacity: i32,
  keepY: usize, addY: usize, keepC: usize, addU: usize, addV: usize,
): void {
  for (let row = 0; row < height; row += 2) {
    for (let x = 0; x < width; x += 2) {
      let cover = 0, u = 0, v = 0;
      for (let corner = 0; corner < 4; corner++) {
        const at = (row + (corner >> 1)) * width + x + (corner & 1);
        const from = rgba + at * 4;
        const r = load<u8>(from), g = load<u8>(from, 1), b = load<u8>(from, 2);
        const alpha = (i32(load<u8>(from, 3)) * opacity + 127) / 255;
        store<u16>(keepY + at * 2, u16(256 - alpha));
        store<u16>(addY + at * 2, u16(luma(r, g, b) * alpha));
        cover += alpha;
        u += blueDifference(r, g, b) * alpha;
        v += redDifference(r, g, b) * alpha;
      }
      const at = ((row >> 1) * (width >> 1) + (x >> 1)) * 2;
      const alpha = (cover + 2) >> 2;
      // The parts are rounded together, so that keep * 255 + add never leaves 16 bits.
      store<u16>(keepC + at, u16(256 - alpha));
      store<u16>(addU + at, u16(cover == 0 ? 0 : (u * alpha) / cover));
      store<u16>(addV + at, u16(cover == 0 ? 0 : (v * alpha) / cover));
    }
  }
}

/** Lays an overlay's plane over a frame's; `width` is a multiple of 8. */
export function blend(target: usize, stride: i32, keep: usize, add: usize, width: i32, height: i32): void {
  const half = i16x8.splat(128);
  for (let row = 0; row < height; row++) {
    const to = target + row * stride;
    for (let x = 0; x < width; x += 8) {
      const at = (row * width + x) * 2;
      const kept = i16x8.mul(v128.load8x8_u(to + x), v128.load(keep + at));
      const samples = i16x8.shr_u(i16x8.add(i16x8.add(kept, v128.load(add + at)), half), 8);
      v128.store64_lane(to + x, i8x16.narrow_i16x8_u(samples, samples), 0);
    }
  }
}
