import { Permanent } from '#shared/errors';
import { renderHtml, renderText } from './render.ts';

/** What a mail says: plain paragraphs, perhaps with one thing to do. */
export interface LetterContent {
  /** The address of whom it is for. */
  readonly to: string;
  readonly subject: string;
  /** Paragraphs, each one line. Whatever they hold is shown as text. */
  readonly lines: readonly string[];
  /** A link of ours. */
  readonly action?: { readonly label: string; readonly url: string } | undefined;
  /** Paragraphs after it, in small print. */
  readonly footer?: readonly string[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface LetterRequest {
  /** Whom it is for: the id of an account. */
  readonly user: string;
  /** What it is about: an id that the template knows. */
  readonly reference: string;
}

/** Says what a mail says, from what is known now; undefined where there is nothing to say any more. */
export type LetterTemplate = (request: LetterRequest) => Promise<LetterContent | undefined>;

/** A mail as it is sent. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Writes mails, by template. */
export interface Letters {
  /** Undefined where there is nobody to write to, or nothing to say. @throws Permanent `mail-template-unknown` */
  write(request: LetterRequest & { readonly template: string }): Promise<Letter | undefined>;
}

export function createLetters({
  templates,
}: {
  templates: Readonly<Record<string, LetterTemplate>>;
}): Letters {
  return {
    async write({ template, user, reference }) {
      const say = Object.hasOwn(templates, template) ? templates[template] : undefined;
      if (say === undefined)
        throw new Permanent('mail-template-unknown', `There is no template "${template.slice(0, 60)}".`);
      const content = await say({ user, reference });
      if (content === undefined) return undefined;
      const { to, subject, headers = {} } = content;
      return { to, subject, headers, text: renderText(content), html: renderHtml(content) };
    },
  };
}
