import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import {
  directionOf,
  graphemesOf,
  inVisualOrder,
  typefaces,
  unsettable,
  withoutUnsettable,
} from '#shared/lettering';

const texts: Readonly<Record<string, string>> = {
  Latin: 'Crème brûlée, Žižkov, Tiếng Việt',
  Greek: 'Γιατί το χταπόδι',
  Cyrillic: 'Почему у осьминога, Україна',
  Chinese: '章鱼有三颗心，血是蓝色的。',
  'traditional Chinese': '臺灣的國語學體',
  Japanese: 'タコには心臓が三つある',
  Korean: '문어는 심장이 세 개다',
  Arabic: 'للأخطبوط ثلاثة قلوب؟',
  Persian: 'هشت‌پا سه قلب دارد',
  Hebrew: 'לתמנון שלושה לבבות',
  Hindi: 'ऑक्टोपस के तीन दिल होते हैं।',
  Bengali: 'অক্টোপাসের তিনটি হৃদয়',
  Tamil: 'ஆக்டோபஸ் இதயங்கள்',
  Telugu: 'ఆక్టోపస్ గుండెలు',
  Gujarati: 'ઓક્ટોપસ હૃદય',
  Punjabi: 'ਆਕਟੋਪਸ ਦਿਲ',
  Kannada: 'ಆಕ್ಟೋಪಸ್ ಹೃದಯ',
  Malayalam: 'നീരാളി ഹൃദയം',
  Sinhala: 'බූවල්ලාගේ හදවත්',
  Thai: 'หมึกมีสามหัวใจ',
  Lao: 'ປາຫມຶກ',
  Khmer: 'មឹកមានបេះដូង',
  Burmese: 'ရေဘဝဲ',
  Georgian: 'რვაფეხა',
  Armenian: 'Ութոտնուկ',
  Amharic: 'ሦስት ልቦች',
};

/** What a canvas shows of a letter. */
function drawn(letter: string, families: string): string {
  const context = createCanvas(48, 48).getContext('2d');
  context.font = `800 24px ${families}`;
  context.fillText(letter, 8, 32);
  return Buffer.from(context.getImageData(0, 0, 48, 48).data).toString('base64');
}

describe('the bundled typefaces', () => {
  it.each(Object.entries(texts))('set %s with letters, none of them a box', (_, text) => {
    expect(unsettable(text)).toEqual([]);
    expect(withoutUnsettable(text)).toBe(text);
    const { families } = typefaces(text);
    const box = drawn('\u{3fffd}', families);
    for (const letter of new Set(text.match(/\p{L}/gu)))
      expect(drawn(letter, families), letter).not.toBe(box);
  });

  it('are registered as far as a text needs them', () => {
    expect(typefaces('Octopus').families).not.toContain('noto');
    expect(typefaces('Octopus').credits.join()).not.toContain('Noto');
    const { families, credits } = typefaces('The 章鱼');
    expect(families.split(', ').length).toBeLessThan(6);
    expect(credits.join()).toContain('Noto Sans');
  });

  it('draw a Han letter as in Japan where kana stand beside it', () => {
    expect(typefaces('直').families).toContain('noto-sans-sc');
    expect(typefaces('直す').families).not.toContain('noto-sans-sc');
  });

  it.each([
    ['a script that they lack', 'Hello ᎣᏏᏲ', 'Hello ', ['Ꭳ', 'Ꮟ', 'Ᏺ']],
    ['phonetic letters that the files lack', 'a ᵶ', 'a ', ['ᵶ']],
    ['hieroglyphs', '𓀀 lion', ' lion', ['𓀀']],
    ['emojis, which count as no letters', 'Fire 🔥👩‍🚀', 'Fire ', []],
    ['a letter with its marks, whole', 'é ᎣᏏ\u0301', 'é ', ['Ꭳ', 'Ꮟ']],
  ])('%s is left out', (_, text, kept, letters) => {
    expect(withoutUnsettable(text)).toBe(kept);
    expect(unsettable(text)).toEqual(letters);
  });
});

describe('direction', () => {
  it.each([
    ['Octopus', 'ltr'],
    ['123 قلوب', 'rtl'],
    ['«שלום»', 'rtl'],
    ['123', 'ltr'],
  ])('of %j is %s', (text, direction) => expect(directionOf(text)).toBe(direction));

  it.each([
    ['an English line', 'ltr', 'a b c', 'a b c'],
    ['an Arabic line', 'rtl', 'ثلاثة قلوب', 'قلوب ثلاثة'],
    ['two Hebrew words in an English line', 'ltr', 'say שלום עולם now', 'say עולם שלום now'],
    ['two English words in an Arabic line', 'rtl', 'قال big octopus هنا', 'هنا big octopus قال'],
  ] as const)('%s stands in visual order', (_, base, line, seen) => {
    const order = inVisualOrder(line.split(' '), { base, textOf: (word) => word });
    expect(order.join(' ')).toBe(seen);
  });

  it('takes a letter with its marks as one', () => {
    expect(graphemesOf('हिन्दी')).toHaveLength(2);
    expect(graphemesOf('e\u0301a')).toEqual(['e\u0301', 'a']);
  });
});
