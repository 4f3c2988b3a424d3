import { createFliteSpeech } from '#shared/speech';
import type { PortMaker } from './make-ports.ts';

export const speech: PortMaker<'speech'> = () => createFliteSpeech();
