import { describe, expect, it } from 'vitest';
import { cleanLine, countWords, decodeText, readMarkdown, shorten } from './index.ts';

function spoken(markdown: string): string {
  return readMarkdown(markdown)
    .sections.flatMap((section) => section.paragraphs)
    .join(' ');
}

describe('readMarkdown', () => {
  it.each([
    ['a link', 'Read [the **guide**](https://example.org "x").', 'Read the guide.'],
    ['a bare address', 'See https://example.org/a?b=1 for it.', 'See example.org for it.'],
    ['code in a line', 'The `map` function.', 'The map function.'],
    ['a code block', 'Before.\n\n```\nnever\n```\n\nAfter.', 'Before. After.'],
    ['a table', 'Before.\n\n|a|b|\n|-|-|\n|1|2|\n\nAfter.', 'Before. After.'],
    ['HTML', '<div>never</div>\n\nSome <b>bold</b> words.', 'Some bold words.'],
    ['a note', 'A fact[^1].\n\n[^1]: never', 'A fact.'],
    ['a quotation', '> “The sea is deep,” he wrote.', '“The sea is deep,” he wrote.'],
    ['a list of short things', '- sea\n- rock\n- rain', 'Sea, rock, and rain.'],
    ['a list of two', '- sea\n- rock', 'Sea and rock.'],
    ['a list of things with commas', '- sea, deep\n- rock', 'Sea, deep; and rock.'],
    ['a list of sentences', '1. Rain falls.\n2. Rivers run.', 'Rain falls. Rivers run.'],
    ['lines of a note', 'Buy milk\nCall Anna\nSleep', 'Buy milk. Call Anna. Sleep.'],
    [
      'wrapped prose',
      'The keeper of the lighthouse on the far northern rock was\nTom, who wrote every day\nand slept little.',
      'The keeper of the lighthouse on the far northern rock was Tom, who wrote every day and slept little.',
    ],
    ['struck-out words', 'The sea is ~~never~~ deep.', 'The sea is deep.'],
  ])('reads %s', (_, markdown, expected) => {
    expect(spoken(markdown)).toBe(expected);
  });

  it('takes the title from the front matter, else from the first heading', () => {
    expect(readMarkdown('---\ntitle: "Mine"\n---\n# Other\n\nText.').title).toBe('Mine');
    expect(readMarkdown('# Other\n\nText.').title).toBe('Other');
    expect(readMarkdown('Text.').title).toBeUndefined();
  });
});

describe('plain text', () => {
  it.each([
    ['control characters', 'a\u0000b\u0007c', 'abc'],
    ['colours of a terminal', '\u001b[31mred\u001b[0m \u009b1mbold', 'red bold'],
    ['zero-width and direction marks', 'a\u200bb\u202ec\u2066d\ufeff', 'abcd'],
    ['pictographs', 'sea 🌊 side', 'sea side'],
    ['lone surrogates', 'a\ud800b', 'ab'],
    ['runs of marks', 'what!!!! no......', 'what! no...'],
    ['an endless word', `short ${'x'.repeat(60)} word`, 'short word'],
  ])('loses %s', (_, text, expected) => {
    expect(cleanLine(text)).toBe(expected);
  });

  it('is cut at the end of a word', () => {
    expect(shorten('The sea is deep and wide', 16)).toBe('The sea is deep…');
    expect(shorten('x'.repeat(30), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(countWords('Dr. Smith’s 2.5 kg — well-known')).toBe(5);
  });

  it.each([
    ['nothing', new Uint8Array(), 'script-empty'],
    ['a NUL byte', Buffer.from('a\0b'), 'script-not-text'],
    ['UTF-16', Buffer.from([0xff, 0xfe, 0x41, 0x00]), 'script-not-text'],
    ['204,801 bytes', Buffer.alloc(204_801, 'a'), 'script-too-large'],
  ])('is not %s', (_, bytes, code) => {
    expect(() => decodeText(bytes)).toThrow(expect.objectContaining({ kind: 'permanent', code }));
  });
});
