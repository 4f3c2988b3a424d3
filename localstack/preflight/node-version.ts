import type { Check } from './check.ts';

/** TypeScript runs directly, without a flag, from this version on. */
const OLDEST = { major: 22, minor: 18 };

export const nodeCheck: Check = async () => {
  const running = process.versions.node;
  const [major = 0, minor = 0] = running.split('.').map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) {
    return { ok: true, note: `Node ${running}` };
  }
  return {
    ok: false,
    problem: `This is Node ${running}; Millrace needs ${OLDEST.major}.${OLDEST.minor} or newer.`,
    remedy: 'Run `npm ci` in the project (it brings Node 24) and start with `npm start`, or install Node 24.',
  };
};
