import { type MillraceError, Permanent, Transient } from '#shared/errors';

/** Turns what Postgres said before it ended into an error that says what to do. */
export function explain(output: string, folder: string): MillraceError {
  const said = lastWords(output);
  if (/No space left on device|could not (write|extend)[^\n]*space/i.test(output)) {
    return new Transient(
      'disk-full',
      `The disk that holds ${folder} is full, so the database stopped; free some space and start again. Nothing that was committed is lost. (${said})`,
      { retryAfterMs: 30_000 },
    );
  }
  if (/Address already in use|could not bind/i.test(output)) {
    return new Permanent('port-taken', `The database's port is taken by another program. (${said})`);
  }
  if (/pre-existing shared memory block|lock file "postmaster.pid" already exists/i.test(output)) {
    return new Transient('database-still-ending', `A former server is still ending on ${folder}. (${said})`, {
      retryAfterMs: 500,
    });
  }
  if (/could not look up effective user ID/i.test(output)) {
    return new Permanent(
      'database-account',
      `Postgres runs only as a user that the system knows by name (/etc/passwd); start Millrace as such a user, or set DATABASE_URL. (${said})`,
    );
  }
  if (/database files are incompatible/i.test(output)) {
    return new Permanent(
      'database-version',
      `The database in ${folder} was made by another version of Postgres. (${said})`,
    );
  }
  if (/Permission denied|wrong ownership/i.test(output)) {
    return new Permanent(
      'data-folder-owner',
      `Postgres may not use ${folder}: it belongs to another user. Start Millrace as the user that made it, or set DATA_DIR. (${said})`,
    );
  }
  return new Transient('database-stopped', `The database stopped: ${said}`);
}

function lastWords(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => /FATAL|PANIC|ERROR|error:|could not|terminated by/.test(line));
  return (telling.at(-1) ?? lines.at(-1) ?? 'it said nothing').trim().slice(0, 500);
}
