import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readTopology } from '#shared/topology';
import { topologyPath } from '../embedded/paths.ts';
import { generatedProvision } from './index.ts';

interface Statement {
  Action: string[];
  Resource: string[];
}

const functions = fileURLToPath(new URL('../../functions/', import.meta.url));
const topology = readTopology({ path: topologyPath });
const files = await generatedProvision({ topology, functions });
const roles = Object.keys(files).filter((path) => path.startsWith('iam/'));
const statementsOf = (role: string): Statement[] =>
  (JSON.parse(files[`iam/${role}.json`] ?? '{}') as { Statement: Statement[] }).Statement;
const may = (role: string, action: string): string[] =>
  statementsOf(role).flatMap(({ Action, Resource }) => (Action.includes(action) ? Resource : []));

describe('the policies beside the plan', () => {
  it('are those that are checked in, and no others', async () => {
    const there = await readdir(new URL('../generated/iam/', import.meta.url));
    expect(there.sort()).toEqual(roles.map((path) => path.slice('iam/'.length)).sort());
  });

  it.each(roles)('%s allows no whole service, no foreign bucket and no foreign queue', (path) => {
    for (const { Action, Resource } of statementsOf(path.slice(4, -5))) {
      expect(Action.length).toBeGreaterThan(0);
      for (const action of Action) expect(action).toMatch(/^(s3|sqs):[A-Z][A-Za-z]+$/);
      for (const one of Resource)
        expect(one).toMatch(
          /^arn:aws:(s3:::millrace-(inbox|artifacts)(\/|$)|sqs:\*:\*:millrace-(wake|inbound)-)/,
        );
    }
  });

  it('give a function what its code uses and no more', () => {
    expect(may('render-scene', 's3:PutObject')).toEqual(['arn:aws:s3:::millrace-artifacts/runs/*']);
    expect(may('render-scene', 's3:DeleteObject')).toEqual([]);
    expect(may('place-video', 's3:PutObject')).toEqual(['arn:aws:s3:::millrace-artifacts/output/*']);
    expect(may('expire-runs', 's3:DeleteObject')).not.toEqual([]);
    for (const role of ['ingest-image', 'clean-pictures', 'ingress'])
      expect(may(role, 's3:DeleteObject')).toContain('arn:aws:s3:::millrace-artifacts/pictures/*');
    expect(may('tidy-pictures', 's3:DeleteObject')).toEqual([]);
    expect(may('render-scene', 'sqs:ReceiveMessage')).toEqual(['arn:aws:sqs:*:*:millrace-wake-ffmpeg']);
    expect(may('generate-script', 'sqs:SendMessage')).toContain('arn:aws:sqs:*:*:millrace-wake-cpu');
    expect(may('scheduler', 's3:GetObject')).toEqual([]);
    expect(may('dispatcher', 's3:GetObject')).toEqual([]);
    expect(may('dispatcher', 'sqs:ReceiveMessage')).toContain('arn:aws:sqs:*:*:millrace-wake-cpu');
    expect(may('outside-uploader', 's3:GetObject')).toEqual([]);
  });
});
