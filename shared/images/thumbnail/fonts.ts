import { createRequire } from 'node:module';
import { GlobalFonts } from '@napi-rs/canvas';

/** The family under which the parts of Inter are registered. */
export const FAMILY = 'Millrace Inter';

/** Inter's parts by script. The browser picks among them by range; here they are one family, tried in order. */
const parts = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese'] as const;

let registered: readonly string[] | undefined;

/** Registers the bundled typeface once a process and answers the CSS family list. */
export function titleFamilies(): string {
  if (registered === undefined) {
    const require = createRequire(import.meta.url);
    registered = parts.flatMap((part) => {
      const name = `${FAMILY} ${part}`;
      const path = require.resolve(`@fontsource/inter/files/inter-${part}-800-normal.woff2`);
      return GlobalFonts.registerFromPath(path, name) === null ? [] : [name];
    });
  }
  return registered.map((name) => `"${name}"`).join(', ');
}
