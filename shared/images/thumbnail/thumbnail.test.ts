import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { planThumbnail, setTitle } from './draw-thumbnail.ts';
import { titleFamilies } from './fonts.ts';
import { readableTitle } from './readable-title.ts';

const sizes = [
  [1280, 720],
  [720, 1280],
  [1080, 1080],
] as const;
const titles = [
  'Volcanoes',
  'Why octopuses have three hearts',
  'x'.repeat(100),
  'W'.repeat(100),
  `${'pneumonoultramicroscopicsilicovolcanoconiosis '.repeat(2)}is long`,
  'a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p q r s t u v w x y z',
  'Как Луна движет океанами и почему приливы бывают дважды в день у берегов',
  'The complete and unabridged story of how sourdough bread conquered every kitchen in the world, twice',
];

describe('setTitle', () => {
  it.each(sizes)('sets every title whole at %i × %i', (width, height) => {
    const room = planThumbnail(width, height).text;
    const ctx = createCanvas(8, 8).getContext('2d');
    for (const title of titles) {
      const fitted = setTitle(title, room, Math.min(width, height));
      expect(fitted).toBeDefined();
      if (fitted !== undefined) {
        ctx.font = `800 ${fitted.size}px ${titleFamilies()}`;
        expect(fitted.lines.join('').replaceAll(' ', '')).toBe(title.replaceAll(' ', ''));
        for (const line of fitted.lines) {
          expect(ctx.measureText(line).width).toBeLessThanOrEqual(room.width * 1.01);
        }
        expect(fitted.leading * fitted.lines.length).toBeLessThanOrEqual(room.height * 1.02);
        // 168 × 94 is how small YouTube lists it: a letter must still be five pixels tall there.
        expect(fitted.size * (94 / 720)).toBeGreaterThan(5);
      }
    }
  });

  it('balances its lines', () => {
    const fitted = setTitle('Why octopuses have three hearts', { x: 0, y: 0, width: 660, height: 600 }, 720);
    expect(fitted?.lines).toEqual(['Why', 'octopuses', 'have three', 'hearts']);
  });
});

describe('readableTitle', () => {
  it.each([
    ['🔥 Fire 🔥', 'Fire'],
    ['a\u202eb\u0000c\nd', 'ab c d'],
    ['Ça va? 100 % €5', 'Ça va? 100 % €5'],
    ['为什么树木会说话', ''],
    ['مرحبا بالعالم', ''],
    ['🔥🔥', ''],
    ['AI 为什么 rules everything', 'AI rules everything'],
  ])('%j → %j', (title, readable) => {
    expect(readableTitle(title)).toBe(readable);
  });
});

describe('the bundled typeface', () => {
  it('really draws its own letters, not a fallback', () => {
    const widths = ['sans-serif', titleFamilies()].map((family) => {
      const ctx = createCanvas(8, 8).getContext('2d');
      ctx.font = `800 100px ${family}`;
      return ctx.measureText('Whales & Жук & Ωmega').width;
    });
    expect(titleFamilies()).toContain('latin');
    expect(widths[1]).not.toBe(widths[0]);
  });
});
