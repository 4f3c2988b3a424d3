import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { typefaces } from '#shared/lettering';
import { planThumbnail, setTitle } from './draw-thumbnail.ts';
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
  '章鱼为什么有三颗心脏，而且它的血是蓝色的：关于海洋中最聪明的无脊椎动物的故事',
  'タコにはどうして心臓が三つもあるのか、海の賢者の不思議な体のしくみを探る',
  'لماذا يمتلك الأخطبوط ثلاثة قلوب ودما أزرق يجري في عروقه تحت مياه البحر',
  'ऑक्टोपस के तीन दिल क्यों होते हैं और उसका खून नीला क्यों होता है',
  'ทำไมหมึกยักษ์จึงมีหัวใจสามดวงและเลือดสีน้ำเงิน',
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
        ctx.font = `800 ${fitted.size}px ${typefaces(title).families}`;
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
    ['为什么树木会说话', '为什么树木会说话'],
    ['مرحبا بالعالم', 'مرحبا بالعالم'],
    ['हिन्दी में', 'हिन्दी में'],
    ['ᎣᏏᏲ ᏙᎯᏧ', ''],
    ['Cherokee says ᎣᏏᏲ', 'Cherokee says'],
    ['🔥🔥', ''],
    ['AI 为什么 rules everything', 'AI 为什么 rules everything'],
  ])('%j → %j', (title, readable) => {
    expect(readableTitle(title)).toBe(readable);
  });
});

describe('a title without spaces', () => {
  it('breaks between words, and no sign begins a line', () => {
    const fitted = setTitle('章鱼有三颗心，血是蓝色的。', { x: 0, y: 0, width: 400, height: 600 }, 720);
    expect(fitted?.lines.length).toBeGreaterThan(1);
    for (const line of fitted?.lines ?? []) expect(line).not.toMatch(/^[，。]/u);
  });
});
