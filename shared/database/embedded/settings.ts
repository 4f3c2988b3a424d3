/** The server's settings that are not Postgres's own defaults. Durability is never traded: fsync stays on. */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '64MB',
  fsync: 'on',
  synchronous_commit: 'on',
  // Short statements by the thousand: compiling a plan costs more than it saves.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
  log_line_prefix: '%m [%p] %a ',
  // Statements and row values are people's data: they stay out of the log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  cluster_name: 'millrace',
};

/** Command-line arguments of `postgres`. `overrides` are for tests (`{ fsync: 'off' }`). */
export function serverArguments(port: number, overrides: Readonly<Record<string, string>>): string[] {
  const all = { ...settings, ...overrides };
  return ['-p', String(port), ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
