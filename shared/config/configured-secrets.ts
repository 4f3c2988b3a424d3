import { type Environment, processEnvironment } from './environment.ts';
import { withSecretFiles } from './secret-files.ts';
import { type VariableName, variableNames, variables } from './variables/variables.ts';

/** What the AWS SDK's chain of credentials reads, which is none of our variables. */
const OF_AWS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/**
 * Every secret that this process was given, whole and in its parts (a URL's password, a header's value): what must not
 * stand in anything that leaves the machine.
 */
export function configuredSecrets(environment: Environment = processEnvironment()): readonly string[] {
  const whole = withSecretFiles(environment, variableNames);
  const values = [...variableNames.filter(isSecret), ...OF_AWS].flatMap((name) => {
    const value = whole[name]?.trim();
    return value ? [value] : [];
  });
  return [...new Set(values.flatMap((value) => [value, ...passwordOf(value), ...headerValues(value)]))];
}

function isSecret(name: VariableName): boolean {
  const definition: { secret?: true } = variables[name];
  return definition.secret === true;
}

/** As it stands in the URL, and decoded. */
function passwordOf(value: string): readonly string[] {
  const password = URL.parse(value)?.password;
  if (!password) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/** Of `api-key=word,tenant=name`. */
function headerValues(value: string): readonly string[] {
  if (!/^[\w-]+=/.test(value)) return [];
  return value.split(',').flatMap((pair) => {
    const [, word] = /^[^=]+=(.+)$/.exec(pair.trim()) ?? [];
    return word === undefined ? [] : [word];
  });
}
