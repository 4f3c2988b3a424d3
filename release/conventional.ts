import { CommitParser } from 'conventional-commits-parser';

export type Level = 'patch' | 'minor' | 'major';

/** What a commit says of itself (Conventional Commits 1.0.0). */
export interface Said {
  readonly header: string;
  /** How far the versions of what it changed must move; nothing for docs, tests, refactorings. */
  readonly level: Level | undefined;
  /** False where the header has no type: what it does to a version is not known. */
  readonly isConventional: boolean;
  /** Hashes of the commits that it takes back, perhaps shortened. */
  readonly reverts: readonly string[];
}

const levels: Readonly<Record<string, Level>> = {
  fix: 'patch',
  perf: 'patch',
  revert: 'patch',
  feat: 'minor',
};
const HASH = /[0-9a-f]{7,40}/g;

const parser = new CommitParser({
  headerPattern: /^(\w+)(?:\(([^()]*)\))?!?:\s+(.*)$/,
  breakingHeaderPattern: /^(\w+)(?:\(([^()]*)\))?!:\s+(.*)$/,
  headerCorrespondence: ['type', 'scope', 'subject'],
  noteKeywords: ['BREAKING CHANGE', 'BREAKING-CHANGE'],
  // In capitals and with a colon, as the specification has it: prose that mentions a breaking change is none.
  notesPattern: (keywords) => new RegExp(`^(${keywords}):\\s(.*)`),
  revertPattern: /^This reverts commit ([0-9a-f]{7,40})/m,
  revertCorrespondence: ['hash'],
});

/** Reads the message of a commit. */
export function readMessage(message: string): Said {
  const text = message.trim();
  if (text === '') return { header: '', level: undefined, isConventional: false, reverts: [] };
  const commit = parser.parse(text);
  const header = commit.header ?? '';
  const type = commit.type?.toLowerCase();
  const isRevert = type === 'revert' || /^Revert "/.test(header);
  const reverts = isRevert ? revertedBy(text) : [];
  const level = commit.notes.length > 0 ? 'major' : isRevert ? 'patch' : levelOf(type);
  return { header, level, isConventional: isRevert || type !== undefined, reverts };
}

const levelOf = (type: string | undefined) =>
  type !== undefined && Object.hasOwn(levels, type) ? levels[type] : undefined;

/** As `git revert` says it, once a commit, or as the specification's example does: a footer `Refs: 676104e, a215868`. */
function revertedBy(text: string): readonly string[] {
  const said = [...text.matchAll(/This reverts commits? ([0-9a-f, \n]+)|^Refs: (.*)$/gm)];
  return said.flatMap(([, byGit, byFooter]) => (byGit ?? byFooter ?? '').match(HASH) ?? []);
}

const order: readonly Level[] = ['patch', 'minor', 'major'];

/** The one that moves the version further. */
export const larger = (one: Level | undefined, other: Level): Level =>
  one !== undefined && order.indexOf(one) > order.indexOf(other) ? one : other;
