import { createOfflineKeywords } from '#shared/keywords';
import type { PortMaker } from './make-ports.ts';

export const keywords: PortMaker<'keywords'> = () => createOfflineKeywords();
