import type { LetterContent } from './letters.ts';

type Body = Pick<LetterContent, 'subject' | 'lines' | 'action' | 'footer'>;

/** For readers that show plain text, and for people who prefer it. */
export function renderText({ lines, action, footer = [] }: Body): string {
  const parts = [
    ...lines,
    ...(action === undefined ? [] : [`${action.label}:\n${action.url}`]),
    ...(footer.length === 0 ? [] : ['-- ', ...footer]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** No pictures, no scripts, nothing that is loaded from elsewhere. */
export function renderHtml({ subject, lines, action, footer = [] }: Body): string {
  const button =
    action === undefined
      ? ''
      : `<p style="margin:24px 0"><a href="${escaped(action.url)}" style="${BUTTON}">${escaped(action.label)}</a></p>
<p style="${SMALL}">${escaped(action.url)}</p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head>
<body style="margin:0;padding:24px;background:#f6f6f4;font:16px/1.5 system-ui,sans-serif;color:#1c1c1a">
<div style="max-width:560px;margin:auto;padding:24px;background:#fff;border-radius:8px">
${lines.map((line) => `<p>${escaped(line)}</p>`).join('\n')}
${button}
${footer.map((line) => `<p style="${SMALL}">${escaped(line)}</p>`).join('\n')}
</div></body></html>
`;
}

const BUTTON =
  'display:inline-block;padding:12px 20px;background:#1f4fd8;color:#fff;border-radius:6px;text-decoration:none';
const SMALL = 'font-size:13px;color:#5c5c57;word-break:break-all';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}
