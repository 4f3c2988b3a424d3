export type Format = 'long' | 'short' | 'square';

export interface Size {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

const defaults: Readonly<Record<Format, Size>> = {
  long: { width: 1920, height: 1080 },
  short: { width: 1080, height: 1920 },
  square: { width: 1080, height: 1080 },
};

/** Pixels, of the longer and of the shorter side. */
const longer = { min: 320, max: 3840 };
const shorter = { min: 180, max: 2160 };

/** How a size is written. */
export const SIZE_PATTERN = /^[1-9]\d{2,3}x[1-9]\d{2,3}$/;

/** What is wrong with a size and a format asked for together, if anything is; a size in other words is refused before. */
export function checkFormat({
  format,
  size,
}: {
  format?: Format | undefined;
  size?: string | undefined;
}): { message: string; limit: string } | undefined {
  if (size === undefined || !SIZE_PATTERN.test(size)) return undefined;
  const { width, height } = readSize(size);
  if (width % 2 === 1 || height % 2 === 1) {
    return { message: `Width and height must be even; ${size} is not.`, limit: 'even' };
  }
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  if (long < longer.min || short < shorter.min) {
    return { message: `${size} is too small; the least is 320x180 (upright 180x320).`, limit: '320x180' };
  }
  if (long > longer.max || short > shorter.max) {
    return {
      message: `${size} is too large; the most is 3840x2160 (upright 2160x3840).`,
      limit: '3840x2160',
    };
  }
  const decided = formatOf({ width, height });
  if (format !== undefined && format !== decided) {
    return {
      message: `${size} is ${decided}, but the format asked for is ${format}; leave one of them out.`,
      limit: decided,
    };
  }
  return undefined;
}

/** The format and size of a checked request. */
export function resolveFormat({
  format,
  size,
}: {
  format?: Format | undefined;
  size?: string | undefined;
}): { format: Format } & Size {
  if (size === undefined) return { format: format ?? 'long', ...defaults[format ?? 'long'] };
  const given = readSize(size);
  return { format: formatOf(given), ...given };
}

function readSize(size: string): Size {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return { width, height };
}

function formatOf({ width, height }: Size): Format {
  if (width === height) return 'square';
  return width > height ? 'long' : 'short';
}
