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

  it.each(topology.functions.map(({ name }) => name))(
    'tell %s of a missing object that it is missing, and let it look for what earlier attempts left',
    (name) => {
      expect(may(name, 's3:ListBucket')).toContain('arn:aws:s3:::millrace-artifacts');
      const removes = may(name, 's3:DeleteObject').filter((one) => one.includes('artifacts/runs/'));
      const writes = may(name, 's3:PutObject').filter((one) => one.includes('artifacts/runs/'));
      expect(removes).toEqual(writes);
    },
  );

  it('let who has the inbox sweep it', () => {
    expect(may('inbound-adapter', 's3:ListBucketMultipartUploads')).toEqual(['arn:aws:s3:::millrace-inbox']);
    expect(may('inbound-adapter', 's3:AbortMultipartUpload')).toContain('arn:aws:s3:::millrace-inbox/*');
    expect(may('inbound-adapter', 's3:DeleteObject')).toContain('arn:aws:s3:::millrace-inbox/.uploads/*');
  });

  it('let one process that is every role do all that the roles may, and try both buckets before it begins', () => {
    const covers = (action: string, resource: string) =>
      may('one-machine', action).some((one) =>
        one.endsWith('*') ? resource.startsWith(one.slice(0, -1)) : resource === one,
      );
    for (const path of roles.filter((role) => !role.includes('outside-uploader'))) {
      for (const { Action, Resource } of statementsOf(path.slice(4, -5))) {
        for (const action of Action)
          for (const one of Resource) expect(covers(action, one), `${path}: ${action} on ${one}`).toBe(true);
      }
    }
    for (const bucket of ['inbox', 'artifacts'])
      for (const action of ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'])
        expect(covers(action, `arn:aws:s3:::millrace-${bucket}/.check/x/probe.txt`)).toBe(true);
    expect(may('ingress', 's3:DeleteObject')).toContain('arn:aws:s3:::millrace-artifacts/.check/*');
  });
});
