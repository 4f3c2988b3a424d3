import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { MillraceError } from '#shared/errors';
import { readTopology } from './read-topology.ts';
import { functionSessions } from './sessions.ts';

const page = readFileSync(new URL('../../events.yaml', import.meta.url), 'utf8');

function problemsOf(text: string): string {
  try {
    readTopology({ path: 'events.yaml', text });
    return '';
  } catch (error) {
    return (error as MillraceError & { details: { problems: string[] } }).details.problems.join('\n');
  }
}

/** The page with more words in a profile. */
const within = (profile: string, words: string): string =>
  page.replace(`  ${profile}:\n    {\n`, `  ${profile}:\n    {\n      ${words},\n`);
const other = (from: string, to: string): string => {
  expect(page).toContain(from);
  return page.replace(from, to);
};

describe('the figures of a profile on a cluster', () => {
  it('are complete, whatever the page leaves out', () => {
    const text = other('      tmp: 64Mi,\n', '');
    expect(readTopology({ path: 'events.yaml', text }).profiles.light?.cluster).toEqual({
      requests: { cpu: '50m', memoryBytes: 128 * 2 ** 20 },
      diskBytes: 2 ** 30,
      tmpBytes: 2 ** 29,
      activeDeadlineMs: 330_000,
      ttlAfterFinishedMs: 3_600_000,
      podRetentionMs: 60_000,
      nodeSelector: {},
      tolerations: [],
    });
  });

  it('say which nodes a job wants, more than one GPU among them', () => {
    const text = within(
      'ffmpeg',
      'gpu: 2, nodeSelector: { nvidia.com/gpu.product: L40S }, tolerations: [{ key: nvidia.com/gpu }]',
    );
    expect(readTopology({ path: 'events.yaml', text }).profiles.ffmpeg).toMatchObject({
      gpu: 2,
      cluster: {
        nodeSelector: { 'nvidia.com/gpu.product': 'L40S' },
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
      },
    });
  });

  it.each<[string, string, RegExp]>([
    [
      'more asked for than allowed',
      other('{ cpu: 50m, memory: 128Mi }', '{ cpu: "2" }'),
      /:\d+: .*requests\.cpu: "2" is above the limit, cpu: 100m/,
    ],
    [
      'more memory asked for than allowed',
      other('{ cpu: 50m, memory: 128Mi }', '{ memory: 1Gi }'),
      /"1Gi" is above the limit, memory: 256Mi/,
    ],
    ['memory asked for in MB', other('{ cpu: 50m, memory: 128Mi }', '{ memory: 128MB }'), /"128MB".*"128Mi"/],
    ['a misspelt request', other('{ cpu: 50m, memory: 128Mi }', '{ cpus: 50m }'), /"cpus".*"cpu"/],
    ['a /tmp larger than the disk', other('tmp: 2Gi', 'tmp: 8Gi'), /"8Gi" is above disk: 4Gi/],
    [
      'a deadline below the time limit',
      within('ffmpeg', 'activeDeadline: 10m'),
      /"10m" is below timeout: 30m/,
    ],
    ['a Job that is gone at once', within('ffmpeg', 'ttlAfterFinished: 10s'), /"10s" is below 5m/],
    ['a deadline in words', within('ffmpeg', 'activeDeadline: 40 minutes'), /"40 minutes".*"40m"/],
    [
      'a deadline of a service',
      within('light', 'activeDeadline: 10m'),
      /"activeDeadline" is not for a service/,
    ],
    ['retention of a job', within('ffmpeg', 'podRetention: 5m'), /"podRetention" is not for a job/],
    [
      'nodes chosen by a service',
      within('light', 'nodeSelector: { disk: ssd }'),
      /not for a service: Knative takes it only with its flag kubernetes\.podspec-nodeselector; use run: job/,
    ],
    [
      'taints of a service',
      within('light', 'tolerations: [{ key: gpu }]'),
      /kubernetes\.podspec-tolerations/,
    ],
    ['a misspelt word', within('light', 'tollerations: []'), /"tollerations".*"tolerations"/],
    [
      'a misspelt effect',
      within('ffmpeg', 'tolerations: [{ key: gpu, effect: NoScedule }]'),
      /"NoScedule".*"NoSchedule"/,
    ],
    [
      'a toleration of any value with one',
      within('ffmpeg', 'tolerations: [{ key: gpu, value: yes }]'),
      /none with Exists/,
    ],
    ['half a GPU', within('ffmpeg', 'gpu: 0.5'), /0\.5 is not valid/],
    ['a label that is none', within('ffmpeg', 'nodeSelector: { "a b": c }'), /a b/],
  ])('with %s are refused at their line', (_, text, says) => {
    const said = problemsOf(text);
    expect(said).toMatch(says);
    expect(said).toMatch(/^events\.yaml:\d+: /);
  });
});

describe('sessions of the database', () => {
  it('are pods × (pool + lease) of every function; a Job has the pool of one delivery', () => {
    const all = functionSessions(readTopology({ path: 'events.yaml', text: page }));
    expect(all.find(({ name }) => name === 'take-script')).toEqual({
      name: 'take-script',
      pods: 20,
      each: 5,
      all: 100,
    });
    expect(all.find(({ name }) => name === 'mux-video')).toMatchObject({ pods: 10, each: 3 });
  });

  it('that are more than the budget are said with their line, the sum and who holds most', () => {
    const said = problemsOf(other('connections: 3000', 'connections: 300'));
    expect(said).toMatch(/^events\.yaml:\d+: database\.connections: 300 is below \d+, .* 20 × 5 = 100/);
    expect(problemsOf(other('scale: { min: 0, max: 20 }', 'scale: { min: 0, max: 2000 }'))).toMatch(
      /\d+ is below \d{5}/,
    );
  });

  it.each([
    ['a misspelt word', 'connections: 3000', 'conections: 3000', /"conections".*"connections"/],
    ['none at all', 'connections: 3000', 'connections: 0', /0 is not valid/],
  ])('with %s are refused', (_, from, to, says) => {
    expect(problemsOf(other(from, to))).toMatch(says);
  });
});
