import { matching, path, postgresUrl, whole } from '../readers.ts';
import { variable } from './variable.ts';

const POSTGRES_URL = 'a URL like postgres://user:password@host:5432/database';

/** Where it listens, and what it keeps on this machine and in Postgres. */
export const installation = {
  PORT: variable({
    read: whole({ min: 0, max: 65_535 }),
    otherwise: 8080,
    rule: 'a whole number from 0 to 65535 (0 takes any free port)',
    about: 'Port of the HTTP interface. Default 8080.',
  }),
  HOST: variable({
    read: matching(/^[A-Za-z0-9.:_-]{1,253}$/),
    otherwise: '127.0.0.1',
    rule: 'a host name or address (127.0.0.1 for this machine only, 0.0.0.0 for every network)',
    about: 'Address to listen on. Default 127.0.0.1: this machine only.',
  }),
  DATA_DIR: variable({
    read: path,
    otherwise: 'data',
    rule: 'a folder',
    about: 'Folder of the database, the files and the keys. Default ./data.',
  }),
  SECRETS_DIR: variable({
    read: path,
    rule: 'a folder',
    about:
      'Folder with a file for each variable that is not set: database-url is DATABASE_URL. Default: none.',
  }),
  DATABASE_URL: variable({
    read: postgresUrl,
    rule: POSTGRES_URL,
    about: 'An outside Postgres (15 or newer) in place of the embedded one.',
    secret: true,
  }),
  DATABASE_DIRECT_URL: variable({
    read: postgresUrl,
    rule: POSTGRES_URL,
    about: 'The same database past its pooler, for migrations. Default DATABASE_URL.',
    secret: true,
  }),
};
