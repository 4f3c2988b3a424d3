import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readNotices } from './index.ts';
import { readNoticeMessage } from './read-notices.ts';

const fixture = (name: string) => readFile(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const where = { bucket: 'inbox' };
const notice = (key: unknown, more: object = {}) => ({
  Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'inbox' }, object: { key } }, ...more }],
});

describe('notices of a bucket', () => {
  it.each([
    ['aws-put.json', [{ change: 'created', key: 'scripts/alice/three hearts + 100%.md' }]],
    ['aws-removed.json', [{ change: 'removed', key: 'scripts/alice/three-hearts.md' }]],
    ['aws-test-event.json', []],
    ['minio-put.json', [{ change: 'created', key: 'scripts/alice/three hearts.md' }]],
  ])('%s, as the server wrote it, is understood', async (name, told) => {
    expect(readNoticeMessage(await fixture(name), where)).toEqual(told);
  });

  it.each([
    ['a+b.md', 'a b.md'],
    ['a%2Bb.md', 'a+b.md'],
    ['a%252Fb.md', 'a%2Fb.md'],
    ['%E6%97%A5%E6%9C%AC.md', '日本.md'],
    ['日本.md', '日本.md'],
    ['100%25.md', '100%.md'],
    ['%2e%2e/secret', '../secret'],
  ])('the key %s is %s', (travelling, key) => {
    expect(readNotices(notice(travelling), where)).toEqual([{ change: 'created', key }]);
  });

  it('of folders, tags and replication say nothing', () => {
    expect(readNotices(notice('scripts/alice/'), where)).toEqual([]);
    expect(readNotices(notice('a.md', { eventName: 'ObjectTagging:Put' }), where)).toEqual([]);
  });

  it.each([
    ['no JSON', 'hello', 'notice-unreadable', 'it is no JSON'],
    ['nothing', '', 'notice-unreadable', 'it is no JSON'],
    ['a number', '7', 'notice-unreadable', 'the whole'],
    ['no records', '{"Records":[]}', 'notice-unreadable', 'Records'],
    ['a wake-up', '{"specversion":"1.0","type":"millrace.wake-up"}', 'notice-unreadable', 'Records'],
    ['a key of the wrong kind', JSON.stringify(notice({ $gt: '' })), 'notice-unreadable', 'key'],
    ['an endless key', JSON.stringify(notice('x'.repeat(10_000))), 'notice-unreadable', 'key'],
    ['half a percent sign', JSON.stringify(notice('100%.md')), 'notice-unreadable', '100%.md'],
    [
      'another bucket',
      JSON.stringify({
        Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'bank' }, object: { key: 'a' } } }],
      }),
      'notice-of-another-bucket',
      'bank',
    ],
  ])('%s is refused with the reason', (_name, body, code, words) => {
    const read = () => readNoticeMessage(body, where);
    expect(read).toThrow(expect.objectContaining({ code }));
    expect(read).toThrow(words);
  });
});
