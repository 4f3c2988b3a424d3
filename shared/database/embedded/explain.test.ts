import { describe, expect, it } from 'vitest';
import { explain } from './explain.ts';

describe('what Postgres said before it ended', () => {
  it.each([
    [
      'disk-full',
      '2026-11-21 12:00:00.000 UTC [9]  PANIC:  could not write to file "pg_wal/xlogtemp.9": No space left on device',
    ],
    ['disk-full', 'initdb: error: could not create directory "pg_wal": No space left on device'],
    [
      'port-taken',
      'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\nFATAL:  could not create any TCP/IP sockets',
    ],
    ['database-version', 'FATAL:  database files are incompatible with server'],
    ['data-folder-owner', 'FATAL:  data directory "/d" has wrong ownership'],
    ['database-still-ending', 'FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use'],
    ['database-account', 'initdb: error: could not look up effective user ID 65533: user does not exist'],
    ['database-stopped', ''],
  ])('%s', (code, output) => {
    expect(explain(output, '/srv/millrace')).toMatchObject({ code });
  });
});
