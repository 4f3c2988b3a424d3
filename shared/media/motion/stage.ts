import type { View } from './camera.ts';
import { resamplerWasm } from './resampler.generated.ts';

/** Part of a frame, in pixels; all even, the width a multiple of 16. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Colour of a picture, limited range. */
export interface Tone {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** The frame being made and what it is made from, in the memory of one WebAssembly instance. */
export interface Stage {
  /** Planar yuv420p, overwritten by every {@link shoot}. */
  readonly frame: Uint8Array;
  /** Mean colour of the picture. */
  readonly mean: Tone;
  /** Fills the frame with what the camera sees, to a hundredth of a pixel. */
  shoot(view: View): void;
  /** Moves the frame towards a colour; 0 leaves it, 1 replaces it. */
  dip(tone: Tone, amount: number): void;
  /** Takes a straight-alpha RGBA picture of the box's size for {@link lay}. */
  take(overlay: { rgba: Uint8ClampedArray; box: Box; opacity: number }): void;
  /** Lays the taken overlay over the frame. */
  lay(): void;
}

export interface StageRequest {
  /** Size of the frame, even. */
  readonly width: number;
  readonly height: number;
  /** The whole picture, of the frame's shape and a little larger; even sides. */
  readonly picture: { readonly width: number; readonly height: number; readonly rgba: Uint8ClampedArray };
  /** Pixels of the largest overlay. */
  readonly overlayPixels: number;
}

interface Resampler {
  readonly fromRgba: (...args: number[]) => void;
  readonly extendEdges: (...args: number[]) => void;
  readonly mean: (plane: number, stride: number, width: number, height: number) => number;
  readonly resample: (...args: number[]) => void;
  readonly dip: (plane: number, count: number, colour: number, amount: number) => void;
  readonly layOverlay: (...args: number[]) => void;
  readonly blend: (...args: number[]) => void;
}

interface Plane {
  readonly start: number;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/** Samples repeated around the source, for taps and for reads in blocks of eight. */
const PAD = 16;
/** Rows converted from RGBA at a time. */
const BAND = 64;
const PAGE = 65_536;

let compiled: WebAssembly.Module | undefined;

/** Sets a picture before the camera. */
export function createStage({ width, height, picture, overlayPixels }: StageRequest): Stage {
  let end = 4096;
  const reserve = (bytes: number): number => {
    const start = end;
    end = (end + bytes + 63) & ~63;
    return start;
  };
  const plane = (planeWidth: number, planeHeight: number): Plane => {
    const stride = planeWidth + 2 * PAD;
    const start = reserve(stride * (planeHeight + 2 * PAD)) + PAD * stride + PAD;
    return { start, stride, width: planeWidth, height: planeHeight };
  };
  const [halfWidth, halfHeight] = [width / 2, height / 2];
  const y = plane(picture.width, picture.height);
  const u = plane(picture.width / 2, picture.height / 2);
  const v = plane(picture.width / 2, picture.height / 2);
  const luma = width * height;
  const chroma = halfWidth * halfHeight;
  const frameStart = reserve(luma + 2 * chroma);
  const scratch = reserve((width + height) * 12 + picture.width * 2 + 256);
  const staging = reserve(Math.max(picture.width * BAND, overlayPixels) * 4);
  const overlay = {
    keepY: reserve(overlayPixels * 2),
    addY: reserve(overlayPixels * 2),
    keepC: reserve(overlayPixels / 2),
    addU: reserve(overlayPixels / 2),
    addV: reserve(overlayPixels / 2),
  };
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) });
  const wasm = instantiate(memory);
  const bytes = new Uint8Array(memory.buffer);

  for (let top = 0; top < picture.height; top += BAND) {
    const rows = Math.min(BAND, picture.height - top);
    bytes.set(picture.rgba.subarray(top * picture.width * 4, (top + rows) * picture.width * 4), staging);
    const half = (top / 2) * u.stride;
    const from = [staging, picture.width, rows] as const;
    wasm.fromRgba(...from, y.start + top * y.stride, y.stride, u.start + half, v.start + half, u.stride);
  }
  for (const { start, stride, width: w, height: h } of [y, u, v]) wasm.extendEdges(start, stride, w, h, PAD);
  const meanOf = (of: Plane): number => wasm.mean(of.start, of.stride, of.width, of.height);

  let box: Box | undefined;
  return {
    frame: bytes.subarray(frameStart, frameStart + luma + 2 * chroma),
    mean: { y: meanOf(y), u: meanOf(u), v: meanOf(v) },
    shoot(view) {
      const step = picture.width / (view.zoom * width);
      const left = ((picture.width - step * width) / 2) * (1 + view.x);
      const top = ((picture.height - step * height) / 2) * (1 + view.y);
      const sample = (source: Plane, to: number, w: number, h: number, x0: number, y0: number): void =>
        wasm.resample(
          source.start,
          source.stride,
          source.width,
          source.height,
          to,
          w,
          h,
          x0,
          y0,
          step,
          scratch,
        );
      sample(y, frameStart, width, height, left + step / 2 - 0.5, top + step / 2 - 0.5);
      // A chroma sample stands on its left luma sample and between two lines (H.264, chroma location 0).
      const [chromaX, chromaY] = [(left + step / 2 - 0.5) / 2, (top + step - 1) / 2];
      sample(u, frameStart + luma, halfWidth, halfHeight, chromaX, chromaY);
      sample(v, frameStart + luma + chroma, halfWidth, halfHeight, chromaX, chromaY);
    },
    dip(tone, amount) {
      const of256 = Math.round(Math.min(1, Math.max(0, amount)) * 256);
      if (of256 === 0) return;
      wasm.dip(frameStart, luma, tone.y, of256);
      wasm.dip(frameStart + luma, chroma, tone.u, of256);
      wasm.dip(frameStart + luma + chroma, chroma, tone.v, of256);
    },
    take(taken) {
      box = taken.box;
      bytes.set(taken.rgba, staging);
      const { keepY, addY, keepC, addU, addV } = overlay;
      const opacity = Math.round(taken.opacity * 256);
      wasm.layOverlay(staging, box.width, box.height, opacity, keepY, addY, keepC, addU, addV);
    },
    lay() {
      if (!box) return;
      const [w, h] = [box.width / 2, box.height / 2];
      const at = frameStart + luma + (box.y / 2) * halfWidth + box.x / 2;
      wasm.blend(
        frameStart + box.y * width + box.x,
        width,
        overlay.keepY,
        overlay.addY,
        box.width,
        box.height,
      );
      wasm.blend(at, halfWidth, overlay.keepC, overlay.addU, w, h);
      wasm.blend(at + chroma, halfWidth, overlay.keepC, overlay.addV, w, h);
    },
  };
}

function instantiate(memory: WebAssembly.Memory): Resampler {
  compiled ??= new WebAssembly.Module(Buffer.from(resamplerWasm, 'base64'));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  if (!isResampler(exports)) throw new TypeError('resampler.generated.ts is stale: npm run build:wasm');
  return exports;
}

function isResampler(exports: object): exports is Resampler {
  const names = ['fromRgba', 'extendEdges', 'mean', 'resample', 'dip', 'layOverlay', 'blend'];
  return names.every((name) => typeof Reflect.get(exports, name) === 'function');
}
