import { GlobalFonts } from '@napi-rs/canvas';
import { Permanent } from '#shared/errors';
import { type Face, type FacePart, facesFor, partWith } from './faces.ts';

export interface Typefaces {
  /** CSS family list for a canvas; all of it is registered. Ask for weight 800. */
  readonly families: string;
  /** The works of others that it names, each with its licence. */
  readonly credits: readonly string[];
}

const INTER_CREDIT = 'Inter typeface by The Inter Project Authors (SIL Open Font License 1.1)';
const NOTO_CREDIT = 'Noto Sans typefaces by The Noto Project Authors (SIL Open Font License 1.1)';

const registered = new Set<string>();

/**
 * The bundled typefaces that a text needs, registered with their first use: Chinese alone is a hundred files.
 *
 * @throws Permanent `font-missing`
 */
export function typefaces(text: string): Typefaces {
  const faces = facesFor(text);
  const parts = new Map<string, FacePart>();
  // Every text may get digits, spaces or an ellipsis.
  for (const letter of new Set([...'Az0… ', ...text])) {
    const face = faceOf(letter, faces);
    const part = face === undefined ? undefined : partWith(face, letter);
    if (part !== undefined) parts.set(part.family, part);
  }
  for (const part of parts.values()) register(part);
  const families = [...parts.keys()];
  const shown = new Set(
    [...text].filter((letter) => letter.trim() !== '').map((letter) => faceOf(letter, faces)),
  );
  const credits = [
    ...(shown.has(faces[0]) ? [INTER_CREDIT] : []),
    ...(faces.slice(1).some((face) => shown.has(face)) ? [NOTO_CREDIT] : []),
  ];
  return {
    families: families.map((family) => `"${family}"`).join(', '),
    credits,
  };
}

/** The first typeface that has the letter. */
function faceOf(letter: string, faces: readonly Face[]): Face | undefined {
  return faces.find((face) => partWith(face, letter) !== undefined);
}

function register({ family, path }: FacePart): void {
  if (registered.has(family)) return;
  if (GlobalFonts.registerFromPath(path, family) === null) {
    throw new Permanent('font-missing', `The typeface ${path} does not load: run npm ci again.`);
  }
  registered.add(family);
}
