import { expect, test } from 'vitest';
import { listedTitle } from './listed-title.ts';

const FRONT = '---\nlayout: post\ntitle: "Three hearts"\n---\n';

test.each([
  ['a given title', { title: 'Mine', script: '# Theirs\n\nText.' }, 'Mine'],
  ['a topic', { topic: 'Why octopuses have three hearts' }, 'Why octopuses have three hearts'],
  ['front matter', { script: `${FRONT}\n# Another\n\nAn octopus has three hearts.` }, 'Three hearts'],
  ['front matter without a title', { script: '---\nlayout: post\n---\n\n# Hearts\n\nText.' }, 'Hearts'],
  [
    'a heading with marks',
    { script: 'Words before.\n\n# The *octopus* and [us](https://x.org)\n\nText.' },
    'The octopus and us',
  ],
  ['a heading below', { script: '## Hearts\n\nAn octopus has three.' }, 'Hearts'],
  ['a heading underlined', { script: 'Hearts\n======\n\nAn octopus has three.' }, 'Hearts'],
  [
    'first words',
    { script: '\n\nAn **octopus** has three hearts.\n\nTwo serve the gills.' },
    'An octopus has three hearts.',
  ],
  ['code first', { script: '```js\nlet x = 1;\n```\n\nAn octopus has three.' }, 'An octopus has three.'],
  ['nothing but a heading', { script: '## Hearts' }, 'Hearts'],
  ['nothing but a table', { script: '| a | b |\n|---|---|\n| 1 | 2 |' }, 'a b'],
  ['another script', { script: '# 章鱼有三颗心\n\n正文。' }, '章鱼有三颗心'],
])('%s', (_what, asked, title) => {
  expect(listedTitle(asked)).toBe(title);
});

test('is cut at a word', () => {
  const title = listedTitle({ script: `# ${'octopus '.repeat(40)}\n\nText.` });
  expect(title.length).toBeLessThanOrEqual(100);
  expect(title).toMatch(/octopus…$/);
});

test('comes as soon from the largest script', () => {
  const script = `${FRONT}${'*[a]( '.repeat(33_000)}`;
  const before = process.cpuUsage();
  expect(listedTitle({ script })).toBe('Three hearts');
  expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
});
