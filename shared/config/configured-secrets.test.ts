import { expect, it } from 'vitest';
import { configuredSecrets } from './index.ts';

it.each<[string, Record<string, string>, readonly string[]]>([
  ['nothing', {}, []],
  ['what is no secret', { PORT: '8080', OPENAI_MODEL: 'llama' }, []],
  ['an empty one', { OPENAI_API_KEY: '  ' }, []],
  ['a key', { OPENAI_API_KEY: 'word' }, ['word']],
  [
    'a URL with its password, as written and as meant',
    { DATABASE_URL: 'postgres://me:p%40ss@db/x' },
    ['postgres://me:p%40ss@db/x', 'p%40ss', 'p@ss'],
  ],
  ['a URL without one', { DATABASE_URL: 'postgres://me@db/x' }, ['postgres://me@db/x']],
  [
    'headers',
    { OTEL_EXPORTER_OTLP_HEADERS: 'api-key=one,tenant=two' },
    ['api-key=one,tenant=two', 'one', 'two'],
  ],
  ['credentials of AWS', { AWS_SECRET_ACCESS_KEY: 'shh', AWS_REGION: 'eu-central-1' }, ['shh']],
])('the secrets of %s', (_, environment, secrets) => {
  expect(configuredSecrets(environment)).toEqual(secrets);
});
