import type { List, Nodes, PhrasingContent, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { cleanLine } from './plain-text.ts';
import { piecesOf, tameMarkdown } from './tame-markdown.ts';

/** A heading with the paragraphs below it. */
export interface Section {
  readonly heading: string | undefined;
  /** Plain text, one entry a paragraph or list item, each ending like a sentence. */
  readonly paragraphs: readonly string[];
}

/** What a Markdown document says, without its marks. */
export interface Article {
  /** From the front matter, else from the first heading of level one. */
  readonly title: string | undefined;
  readonly sections: readonly Section[];
}

/** Parsing time grows with the square of a piece in the worst case, so a document is read in pieces. */
const PIECE_CHARACTERS = 8_000;
const DEEPEST = 60;

/**
 * Reads Markdown (CommonMark with GitHub's extensions) as prose. Code, tables, HTML, images and notes are left
 * out; a link keeps its words, a bare address is named by its host.
 */
export function readMarkdown(source: string): Article {
  const { text, title } = tameMarkdown(source);
  const blocks: Block[] = [];
  for (const piece of piecesOf(text, PIECE_CHARACTERS)) {
    const root: Root = fromMarkdown(piece, {
      extensions: [gfm({ singleTilde: false })],
      mdastExtensions: [gfmFromMarkdown()],
    });
    collect(root, blocks, 0);
  }
  const firstHeading = blocks.findIndex((block) => block.kind === 'heading' && block.level === 1);
  const named = title === undefined && firstHeading !== -1 ? blocks[firstHeading] : undefined;
  const rest = named === undefined ? blocks : blocks.filter((block) => block !== named);
  const ownTitle = cleanLine(title ?? named?.text ?? '');
  return { title: ownTitle === '' ? undefined : ownTitle, sections: sectionsOf(rest) };
}

type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'prose'; readonly text: string };

function collect(node: Nodes, blocks: Block[], depth: number): void {
  switch (node.type) {
    case 'heading': {
      const text = cleanLine(phrasing(node.children)).replace(/[.:]+$/, '');
      if (/[\p{L}\p{N}]/u.test(text)) blocks.push({ kind: 'heading', level: node.depth, text });
      return;
    }
    case 'paragraph': {
      const text = cleanLine(phrasing(node.children));
      if (/[\p{L}\p{N}]/u.test(text)) blocks.push({ kind: 'prose', text: endSentence(text) });
      return;
    }
    case 'list': {
      const items = shortItems(node);
      if (items !== undefined) blocks.push({ kind: 'prose', text: joinItems(items) });
      else if (depth < DEEPEST) for (const child of node.children) collect(child, blocks, depth + 1);
      return;
    }
    case 'root':
    case 'blockquote':
    case 'listItem':
      if (depth < DEEPEST) for (const child of node.children) collect(child, blocks, depth + 1);
      return;
    default:
      // Code, tables, HTML, definitions, notes and rules are not read aloud.
      return;
  }
}

/** The items of a list of short phrases, each without an end: spoken as one sentence. */
function shortItems(list: List): readonly string[] | undefined {
  if (list.children.length < 2 || list.children.length > 8) return undefined;
  const items: string[] = [];
  for (const { children } of list.children) {
    const [only] = children;
    if (only?.type !== 'paragraph' || children.length > 1) return undefined;
    const text = cleanLine(phrasing(only.children)).replace(/[,;]+$/, '');
    if (text === '' || text.length > 60 || /[.!?…:;]["'”’)\]]*$/u.test(text)) return undefined;
    items.push(text);
  }
  return items.join('').length > 240 ? undefined : items;
}

/** "nectar", "pollen, a dust", "water" → "Nectar; pollen, a dust; and water." */
function joinItems(items: readonly string[]): string {
  const [first = '', ...rest] = items;
  const pause = items.some((item) => item.includes(',')) ? ';' : ',';
  const all = [first.charAt(0).toUpperCase() + first.slice(1), ...rest];
  const last = all.pop() ?? '';
  return `${all.join(`${pause} `)}${pause === ';' || all.length > 1 ? pause : ''} and ${last}.`;
}

function phrasing(nodes: readonly PhrasingContent[]): string {
  return nodes.map(phrase).join('');
}

function phrase(node: PhrasingContent): string {
  switch (node.type) {
    case 'text':
      return endLines(node.value).replaceAll(/\bhttps?:\/\/([^\s/?#<>"')]{1,200})[^\s<>"')]*/gi, '$1');
    case 'inlineCode':
      return node.value;
    case 'break':
      return ' ';
    case 'link': {
      const words = phrasing(node.children);
      return /^(?:https?:\/\/|www\.)/i.test(words) ? hostOf(words) : words;
    }
    case 'emphasis':
    case 'strong':
    case 'linkReference':
      return phrasing(node.children);
    default:
      // Images, HTML, struck-out words and note marks.
      return '';
  }
}

/** In a note of short lines, each with a capital, each line is a sentence; wrapped prose goes on in small letters. */
function endLines(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const isNote = lines.length > 1 && lines.every((line) => line.length < 60 && /^[\p{Lu}\p{N}]/u.test(line));
  return isNote ? lines.map((line) => (/[\p{L}\p{N}]$/u.test(line) ? `${line}.` : line)).join('\n') : text;
}

function hostOf(address: string): string {
  return address.replace(/^https?:\/\//i, '').replace(/[/?#].*$/s, '');
}

function endSentence(text: string): string {
  if (/[.!?…]["'”’)\]]*$/u.test(text)) return text;
  return `${text.replace(/[\s,;:–—-]+$/u, '')}.`;
}

function sectionsOf(blocks: readonly Block[]): readonly Section[] {
  const sections: { heading: string | undefined; paragraphs: string[] }[] = [];
  let current: { heading: string | undefined; paragraphs: string[] } = { heading: undefined, paragraphs: [] };
  for (const block of blocks) {
    if (block.kind === 'heading') {
      sections.push(current);
      current = { heading: block.text, paragraphs: [] };
    } else current.paragraphs.push(block.text);
  }
  sections.push(current);
  return sections.filter((section) => section.paragraphs.length > 0);
}
