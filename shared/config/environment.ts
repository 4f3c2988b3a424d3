/** Environment variables as a process gets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** This process's own environment. */
export function processEnvironment(): Environment {
  return process.env;
}

/** What an outside program may need to run, and nothing that is a setting or a secret of ours. */
const INHERITED = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'SystemRoot',
  'NODE_COMPILE_CACHE',
  // Of the fault tests; not set in production.
  'MILLRACE_FAULTS',
] as const;

/** The environment for programs that we start (FFmpeg, Postgres): the machine's, without settings and secrets. */
export function inheritedEnvironment(
  environment: Environment = processEnvironment(),
): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = environment[name];
    if (value !== undefined) inherited[name] = value;
  }
  return inherited;
}

/**
 * The environment for processes of ours: also what the AWS SDK's chain of credentials reads (`AWS_PROFILE`,
 * `AWS_ROLE_ARN`, `AWS_ACCESS_KEY_ID` …), which no program that we start may see.
 */
export function ownEnvironment(environment: Environment = processEnvironment()): Record<string, string> {
  const own = inheritedEnvironment(environment);
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith('AWS_') && value !== undefined) own[name] = value;
  }
  return own;
}
