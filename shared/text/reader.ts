/** A word with its part of speech (Universal Dependencies: NOUN, PROPN, VERB, ADJ …). */
export interface Token {
  readonly text: string;
  readonly tag: string;
}

/** Finds sentences and tags words; English. */
export interface Reader {
  sentences(text: string): readonly string[];
  tokens(text: string): readonly Token[];
}

let loading: Promise<Reader> | undefined;

/** Loads the language model (about 60 MB of memory) with its first use. */
export function loadReader(): Promise<Reader> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Reader> {
  const [{ default: winkNlp }, { default: model }] = await Promise.all([
    import('wink-nlp'),
    import('wink-eng-lite-web-model'),
  ]);
  const nlp = winkNlp(model, ['sbd', 'pos']);
  return {
    sentences: (text) => nlp.readDoc(text).sentences().out(nlp.its.value),
    tokens(text) {
      const read = nlp.readDoc(text).tokens();
      const texts = read.out(nlp.its.value);
      const tags = read.out(nlp.its.pos);
      return texts.map((word, index) => ({
        text: word,
        tag: String(tags[index] ?? 'X'),
      }));
    },
  };
}
