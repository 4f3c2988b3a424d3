import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configuredSecrets, loadConfig } from './index.ts';

const URL = 'postgres://u:p@127.0.0.1:1/one';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace secrets '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a folder of secrets', () => {
  it('holds a file for a variable, in lower case with dashes', () => {
    writeFileSync(join(folder, 'database-url'), `${URL}\n`);
    writeFileSync(join(folder, 'port'), '9000');
    const config = loadConfig({ SECRETS_DIR: folder });
    expect(config.databaseUrl?.reveal()).toBe(URL);
    expect(config.port).toBe(9000);
  });

  it('counts among the secrets that were given', () => {
    writeFileSync(join(folder, 'openai-api-key'), 'sk-word\n');
    expect(configuredSecrets({ SECRETS_DIR: folder })).toEqual(['sk-word']);
  });

  it('gives way to the environment, and may be empty', () => {
    expect(loadConfig({ SECRETS_DIR: folder })).toEqual(loadConfig({}));
    writeFileSync(join(folder, 'database-url'), URL);
    const other = 'postgres://u:p@127.0.0.1:1/other';
    expect(loadConfig({ SECRETS_DIR: folder, DATABASE_URL: other }).databaseUrl?.reveal()).toBe(other);
  });

  it('never shows what a wrong secret is', () => {
    writeFileSync(join(folder, 'database-url'), 'hunter2');
    expect(() => loadConfig({ SECRETS_DIR: folder })).toThrow(/DATABASE_URL=\(not shown\)/);
  });

  it.each<[what: string, prepare: () => string, says: RegExp]>([
    ['a folder that is not there', () => join(folder, 'none'), /SECRETS_DIR=".*none": is no folder/],
    [
      'a folder where a file should be',
      () => {
        mkdirSync(join(folder, 'database-url'));
        return folder;
      },
      /"database-url" in it is no file/,
    ],
    [
      'a file that is too long',
      () => {
        writeFileSync(join(folder, 'database-url'), 'x'.repeat(70_000));
        return folder;
      },
      /"database-url" in it is no file of at most 65536 bytes/,
    ],
  ])('is refused with %s', (_, prepare, says) => {
    const dir = prepare();
    expect(() => loadConfig({ SECRETS_DIR: dir })).toThrow(says);
  });
});
