import { z } from 'zod';

const entry = z.looseObject({
  level: z.string(),
  message: z.string(),
  function: z.string().optional(),
  key: z.string().optional(),
  outcome: z.string().optional(),
  ms: z.number().optional(),
  lane: z.string().optional(),
  pid: z.number().optional(),
  error: z.looseObject({ message: z.string().optional(), stack: z.string().optional() }).optional(),
});

/** A line of the log as somebody at work wants to see it; undefined for what is only for the file. */
export function readableLine(line: string): string | undefined {
  const parsed = parse(line);
  if (parsed === undefined) return undefined;
  const { level, message, outcome, ms = 0, lane, pid, error } = parsed;
  const step = [parsed.function, parsed.key].filter(Boolean).join(' ');
  const why = error?.stack ?? error?.message;
  if (outcome !== undefined) {
    return `  ${step} ${outcome} after ${(ms / 1000).toFixed(1)} s${error?.message ? `: ${error.message}` : ''}`;
  }
  if (message === 'lane ready') return `  lane ${lane} runs (process ${pid})`;
  if (!['warn', 'error', 'fatal'].includes(level)) return undefined;
  return `  ${level}: ${message}${lane === undefined ? '' : ` (lane ${lane})`}${why === undefined ? '' : `\n${why}`}`;
}

function parse(line: string): z.infer<typeof entry> | undefined {
  try {
    return entry.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
