import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '#shared/config';
import { MillraceError } from '#shared/errors';
import { readInstance } from '../../data-folder/index.ts';
import type { Terminal } from '../terminal.ts';
import { database } from './database.ts';
import type { Examination, Finding, Surroundings } from './finding.ts';
import { functions, languageModel } from './installation.ts';
import { leftovers } from './leftovers.ts';
import { dataFolder, disk, ffmpeg, machine, node } from './machine.ts';
import { objects } from './objects.ts';
import { platform, port } from './platform.ts';
import { queues } from './queues.ts';
import { secrets } from './secrets.ts';

const examinations: readonly Examination[] = [
  machine,
  node,
  ffmpeg,
  functions,
  dataFolder,
  disk,
  secrets,
  database,
  queues,
  objects,
  platform,
  port,
  languageModel,
  leftovers,
];

/** An examination that takes longer is itself a fault; milliseconds. */
const LIMIT_MS = 20_000;

/** `millrace doctor`: says of everything that a platform needs whether it is fit. Exit code 1 where something would fail. */
export async function doctor({ terminal, json }: { terminal: Terminal; json: boolean }): Promise<void> {
  const findings = await examineAll();
  const faults = findings.filter(({ state }) => state === 'fault').length;
  if (json) terminal.say(JSON.stringify({ fit: faults === 0, findings }, undefined, 2));
  else for (const line of report(findings, terminal)) terminal.say(line);
  if (faults > 0) process.exitCode = 1;
}

async function examineAll(): Promise<readonly Finding[]> {
  let around: Surroundings;
  try {
    const config = loadConfig();
    const signal = AbortSignal.timeout(LIMIT_MS);
    around = { config, signal, instance: await readInstance(config.dataDir) };
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return [{ subject: 'configuration', state: 'fault', says: error.message }];
  }
  const found = await Promise.all(examinations.map((one) => examine(one, around)));
  return found.flat();
}

async function examine({ subject, look }: Examination, around: Surroundings): Promise<readonly Finding[]> {
  const late = new AbortController();
  const limit = sleep(LIMIT_MS, undefined, { signal: late.signal }).then(() => [
    { state: 'fault' as const, says: `did not answer within ${LIMIT_MS / 1000} s` },
  ]);
  limit.catch(() => undefined);
  try {
    const found = await Promise.race([look(around), limit]);
    return found.map((finding) => ({ subject, ...finding }));
  } catch (error) {
    return [{ subject, state: 'fault', says: error instanceof Error ? error.message : String(error) }];
  } finally {
    late.abort();
  }
}

const words = { fit: 'ok', advice: 'look', fault: 'FAULT' } as const;

function report(findings: readonly Finding[], terminal: Terminal): readonly string[] {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  const lines = findings.flatMap(({ subject, state, says, remedy }) => {
    const indent = ' '.repeat(9 + width);
    const mark = words[state].padEnd(5);
    const shown = state === 'fault' ? terminal.bold(mark) : mark;
    return [
      `${shown}  ${subject.padEnd(width)}  ${says.replaceAll('\n', `\n${indent}`)}`,
      ...(remedy === undefined ? [] : [`${indent}→ ${remedy}`]),
    ];
  });
  return [...lines, '', summary(findings)];
}

function summary(findings: readonly Finding[]): string {
  const faults = findings.filter(({ state }) => state === 'fault').length;
  if (faults === 0) return 'Nothing stands in the way.';
  return `${faults} ${faults === 1 ? 'fault' : 'faults'} to mend: see the lines with FAULT.`;
}
