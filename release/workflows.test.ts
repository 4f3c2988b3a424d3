import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from './command.ts';

const folder = join(root, '.github', 'workflows');
const permissions = z.record(z.string(), z.enum(['read', 'write']));
const workflow = z.object({
  permissions,
  concurrency: z.object({ group: z.string(), 'cancel-in-progress': z.union([z.boolean(), z.string()]) }),
  jobs: z.record(
    z.string(),
    z.union([
      z.object({
        'timeout-minutes': z.number().max(60),
        permissions: permissions.optional(),
        environment: z.string().optional(),
        steps: z.array(
          z.object({
            uses: z.string().optional(),
            run: z.string().optional(),
            with: z.record(z.string(), z.unknown()).default({}),
          }),
        ),
      }),
      // Another workflow of ours, given no secret but those that it asks for.
      z
        .object({
          uses: z.string().regex(/^\.\/\.github\/workflows\/[a-z-]+\.yml$/),
          permissions,
          secrets: z.record(z.string(), z.string()),
        })
        .transform((job) => ({ ...job, steps: [] })),
    ]),
  ),
});
const PINNED =
  /^\s*(?:- )?uses: (?:[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\.\/\.github\/workflows\/[a-z-]+\.yml)$/;
/** What others write: a branch, a title, an input. In a script it would be run. */
const WRITTEN_BY_OTHERS = /\$\{\{[^}]*\b(github\.(event|head_ref|ref)|inputs\.|needs\.|steps\.)/;

const pages = readdirSync(folder).filter((name) => name.endsWith('.yml'));

describe.each(pages)('%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const read = workflow.parse(parse(text));
  const jobs = Object.entries(read.jobs);

  it('names every action by the whole hash of a commit, and says which version that is', () => {
    const uses = text.split('\n').filter((line) => /\buses: /.test(line));
    expect(uses.filter((line) => !PINNED.test(line))).toEqual([]);
  });

  it('may write nothing but where a job says so', () => {
    expect(Object.values(read.permissions)).not.toContain('write');
  });

  it('keeps no token in the checkout of a job that may not push', () => {
    const kept = jobs
      .filter(([, job]) => job.permissions?.contents !== 'write')
      .flatMap(([, { steps }]) => steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')))
      .filter((step) => step.with['persist-credentials'] !== false);
    expect(kept).toEqual([]);
  });

  it('puts nothing that others write into a script', () => {
    const scripts = jobs.flatMap(([, { steps }]) => steps.map(({ run = '' }) => run));
    expect(scripts.filter((run) => WRITTEN_BY_OTHERS.test(run))).toEqual([]);
  });
});

it('nobody but the jobs of the release train may push', () => {
  const writers = pages.flatMap((name) =>
    Object.entries(workflow.parse(parse(readFileSync(join(folder, name), 'utf8'))).jobs)
      .filter(([, job]) => job.permissions?.contents === 'write')
      .map(([job]) => `${name} ${job}`),
  );
  expect(writers.sort()).toEqual([
    'auto-version-bumper.yml bump',
    'service-pipeline.yml production',
    'service-pipeline.yml staging',
    'tag.yml tag',
  ]);
});

it('ci has promtool before it runs, for only root could install it there', () => {
  const { jobs } = workflow.parse(parse(readFileSync(join(folder, 'ci.yml'), 'utf8')));
  const runs = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run = [] }) => run));
  const installs = runs.findIndex((run) => /^sudo .*apt-get install .*\bprometheus$/.test(run));
  expect(installs).toBeGreaterThanOrEqual(0);
  expect(installs).toBeLessThan(runs.indexOf('.ci/run'));
});
