import { z } from 'zod';

/** Names of the parts of a bundle; files of the run are `objects/0001` and so on, never named by what is in them. */
export const PARTS = {
  manifest: 'bundle.json',
  rows: 'ledger.json',
  topology: 'events.yaml',
  why: 'why.txt',
} as const;

export const objectEntry = (number: number): string => `objects/${String(number).padStart(4, '0')}`;

const text = z.string().max(500);

/** What a bundle says of itself. */
export const manifest = z.object({
  format: z.literal('millrace-bundle'),
  /** Rises when an older Millrace cannot read it any more. */
  version: z.int().positive(),
  packedAt: z.iso.datetime(),
  run: z.object({
    id: z.uuid({ version: 'v8' }).or(z.guid()),
    flow: text,
    title: z.string().max(2_000),
    state: text,
  }),
  /** Of the installation that packed it. */
  versions: z.object({
    millrace: text,
    functions: z.record(text, text),
    node: text,
    postgres: text,
    /** Absent: none was found where it was packed. */
    ffmpeg: text.optional(),
    platform: text,
    /** Of the ledger's tables. */
    migrations: z.array(text).max(1_000),
  }),
  settings: z.record(text, text),
  files: z
    .array(
      z.object({
        key: z.string().min(1).max(1_024),
        name: z.string().min(1).max(200),
        type: z.string().min(1).max(200),
        bytes: z.int().nonnegative(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        /** Where it is in the bundle. */
        entry: z
          .string()
          .regex(/^objects\/\d{4,6}$/)
          .optional(),
        /** Why it is not. */
        left: z.enum(['not needed', 'gone from the store', 'holds a secret']).optional(),
      }),
    )
    .max(10_000),
  /** How many secrets were taken out of the rows. */
  masked: z.int().nonnegative(),
});

export type Manifest = z.infer<typeof manifest>;
export type BundledFile = Manifest['files'][number];

/** Of this Millrace. */
export const FORMAT_VERSION = 1;
