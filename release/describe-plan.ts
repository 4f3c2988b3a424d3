import type { Commit } from './history.ts';
import type { Bump, Plan } from './plan.ts';

/** The plan as a person reads it. */
export function describePlan({ bumps, first, silent }: Plan): string {
  const text = [
    ...bumps.flatMap(({ name, from, to, level, commits }) => [
      `${name} ${from} -> ${to} (${level})`,
      ...commits.map((commit) => `    ${line(commit)}`),
    ]),
    ...(first.length === 0 ? [] : [`never released, tagged as they stand: ${first.join(', ')}`]),
    ...silent.map(
      ({ commit, functions }) =>
        `moves no version, because its header has no type: ${line(commit)} (${functions.join(', ')})`,
    ),
  ];
  return `${bumps.length === 0 ? ['nothing to release', ...text].join('\n') : text.join('\n')}\n`;
}

/** The message of the commit that moves the versions. */
export function commitMessage(bumps: readonly Bump[]): string {
  const [only, ...more] = bumps;
  const header =
    only !== undefined && more.length === 0 ? `${only.name} ${only.to}` : `${bumps.length} functions`;
  const body = bumps.map(({ name, from, to, commits }) =>
    [`${name} ${from} -> ${to}`, ...commits.map((commit) => `  ${line(commit)}`)].join('\n'),
  );
  return `chore(release): ${header}\n\n${body.join('\n')}\n`;
}

const line = ({ hash, header }: Commit) => `${hash.slice(0, 9)} ${header}`;
