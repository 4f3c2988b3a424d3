import { type Scene, type Script, script } from '#shared/events';
import { splitSentences } from '#shared/speech';

/** Characters of one scene, about half a minute of speech; a scene may have 5,000. */
const SCENE_LENGTH = 500;
const MOST_LENGTH = 4_900;

/** Scenes of a text that is spoken as it stands: whole sentences, as many to a scene as fit. */
export function narrationScenes(text: string): Scene[] {
  const sentences = text
    .split(/\n\s*\n/)
    .flatMap((paragraph) => splitSentences(paragraph.replace(/\s+/g, ' ').trim()))
    .flatMap(pieces)
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
  const passages: string[] = [];
  for (const sentence of sentences) {
    const last = passages.at(-1);
    if (last === undefined || last.length + sentence.length > SCENE_LENGTH) passages.push(sentence);
    else passages[passages.length - 1] = `${last} ${sentence}`;
  }
  return passages.map((narration, index) => sceneOf({ index, narration, heading: `Passage ${index + 1}` }));
}

export function sceneOf(given: {
  index: number;
  heading: string;
  narration: string;
  subject?: string | undefined;
  words?: readonly string[] | undefined;
}): Scene {
  return {
    key: `scene-${String(given.index + 1).padStart(3, '0')}`,
    role: given.index === 0 ? 'hook' : 'scene',
    heading: given.heading,
    narration: given.narration,
    picture: { subject: given.subject ?? given.heading, words: [...(given.words ?? [])] },
  };
}

/** `script.json` of what a caller gave, so that functions find what they read after any other script. */
export function givenScript(given: {
  title: string;
  language: string;
  seconds: number;
  scenes: Scene[];
}): Script {
  const { title, language, seconds, scenes } = given;
  return script.parse({
    title,
    language,
    scenes,
    sources: [{ title: 'Given by the maker', licence: 'as the maker says' }],
    requestedSeconds: seconds,
    plannedSeconds: seconds,
  });
}

/** A "sentence" without an end, such as a table, is cut at a space. */
function pieces(sentence: string): string[] {
  if (sentence.length <= MOST_LENGTH) return [sentence];
  const at = sentence.lastIndexOf(' ', MOST_LENGTH);
  const end = at > 0 ? at : MOST_LENGTH;
  return [sentence.slice(0, end).toWellFormed(), ...pieces(sentence.slice(end).trim().toWellFormed())];
}
