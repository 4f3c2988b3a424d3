import { findIana } from 'windows-iana';
import { offsetAt } from './local-time.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,3}$/;
const LONGEST = 64;

/** Whether this is a zone of the IANA database. */
export function isZone(name: string): boolean {
  if (name.length > LONGEST || !NAME.test(name)) return false;
  try {
    offsetAt(0, name);
    return true;
  } catch {
    return false;
  }
}

/**
 * The IANA zone that a calendar program means: its own name, that of Windows (CLDR's table), or one at the end of a
 * path, as some programs write it (`/freeassociation.sourceforge.net/Europe/Berlin`). Undefined where it is none.
 */
export function zoneNamed(text: string): string | undefined {
  const name = text.trim().replaceAll(/^"|"$/g, '');
  if (name === '' || name.length > 200) return undefined;
  if (/^(?:utc|gmt|z|etc\/utc|etc\/gmt)$/i.test(name)) return 'UTC';
  if (isZone(name)) return name;
  const [ofWindows] = findIana(name);
  if (ofWindows !== undefined && isZone(ofWindows)) return ofWindows;
  const words = name.split('/').filter((word) => word !== '');
  for (const length of [3, 2, 1]) {
    const tail = words.slice(-length).join('/');
    // One word alone (`EST`, `Cuba`) is too little at the end of a path of something else.
    if (words.length > length && length > 1 && isZone(tail)) return tail;
  }
  return undefined;
}
