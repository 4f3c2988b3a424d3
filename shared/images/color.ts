/** A colour as `#rrggbb`. */
export type Hex = `#${string}`;

type Triple = readonly [number, number, number];

function channels(hex: Hex): Triple {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function toLinear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function fromLinear(linear: number): number {
  const share = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(1, Math.max(0, share)) * 255);
}

/** sRGB to Oklab (Björn Ottosson, 2020), where equal steps look equal. */
export function toOklab(hex: Hex): Triple {
  const [red, green, blue] = channels(hex);
  const [r, g, b] = [toLinear(red), toLinear(green), toLinear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Triple): Hex {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')}`;
}

/** A colour between two: `share` 0 is the first, 1 the second. */
export function mix(first: Hex, second: Hex, share: number): Hex {
  const [a, b] = [toOklab(first), toOklab(second)];
  const between = (at: 0 | 1 | 2): number => a[at] + (b[at] - a[at]) * share;
  return fromOklab([between(0), between(1), between(2)]);
}

/** Lighter (positive) or darker (negative) by a difference in Oklab lightness. */
export function shade(hex: Hex, difference: number): Hex {
  const [lightness, a, b] = toOklab(hex);
  return fromOklab([Math.min(1, Math.max(0, lightness + difference)), a, b]);
}

/** The colour with an opacity of 0 to 1, as CSS. */
export function faded(hex: Hex, opacity: number): string {
  const [red, green, blue] = channels(hex);
  return `rgba(${red},${green},${blue},${Math.max(0, Math.min(1, opacity)).toFixed(3)})`;
}
