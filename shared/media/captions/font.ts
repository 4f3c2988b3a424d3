import { createRequire } from 'node:module';
import { GlobalFonts } from '@napi-rs/canvas';
import { Permanent } from '#shared/errors';

const SUBSETS = ['latin', 'latin-ext', 'cyrillic', 'greek', 'vietnamese'] as const;
const WEIGHT = 800;

let stack: string | undefined;

/**
 * Registers the captions' typeface (Inter ExtraBold, SIL OFL 1.1, from npm) once; answers the CSS font
 * of a size in pixels. What Inter lacks comes from the machine's own fonts.
 *
 * @throws Permanent `font-missing`
 */
export function captionFont(): (pixels: number) => string {
  stack ??= register();
  const families = stack;
  return (pixels) => `${WEIGHT} ${pixels}px ${families}`;
}

function register(): string {
  const { resolve } = createRequire(import.meta.url);
  const families = SUBSETS.map((subset) => {
    const family = `Millrace Caption ${subset}`;
    const path = resolve(`@fontsource/inter/files/inter-${subset}-${WEIGHT}-normal.woff2`);
    if (!GlobalFonts.registerFromPath(path, family)) {
      throw new Permanent('font-missing', `The caption font ${subset} does not load: run npm ci again.`);
    }
    return `"${family}"`;
  });
  return [...families, 'sans-serif'].join(', ');
}
