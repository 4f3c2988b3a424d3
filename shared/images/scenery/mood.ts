import type { Hex } from '../color.ts';

/** The light of a picture: its sky, its sun, and what distance fades into. */
export interface Mood {
  readonly name: string;
  readonly top: Hex;
  readonly low: Hex;
  readonly sun: Hex;
  /** What distant things fade into. */
  readonly haze: Hex;
  /** What things in shadow lean to, and how far (0 to 1). */
  readonly shadow: Hex;
  readonly depth: number;
  readonly night: boolean;
  /** One lively colour for ornaments. */
  readonly accent: Hex;
  /** Walls and tables of rooms, cut paper: light to dark. */
  readonly papers: readonly [Hex, Hex, Hex, Hex];
}

/** The moods in an order in which neighbours differ clearly. */
export const moods: readonly Mood[] = [
  {
    name: 'clear day',
    top: '#3f9fe6',
    low: '#cfeefb',
    sun: '#fff4c8',
    haze: '#cfe9f7',
    shadow: '#1d4d80',
    depth: 0.1,
    night: false,
    accent: '#ffb13d',
    papers: ['#e3f2fb', '#b9def5', '#5fabdf', '#2b6ea8'],
  },
  {
    name: 'coral sunset',
    top: '#e8638a',
    low: '#ffcf9a',
    sun: '#fff0cf',
    haze: '#ffbf9c',
    shadow: '#6b2a63',
    depth: 0.26,
    night: false,
    accent: '#ffd166',
    papers: ['#ffe9dc', '#ffc9b0', '#f2887f', '#a8455f'],
  },
  {
    name: 'mint morning',
    top: '#63c9bb',
    low: '#f1fae0',
    sun: '#fffbe0',
    haze: '#d9f2df',
    shadow: '#1d5e63',
    depth: 0.1,
    night: false,
    accent: '#ff8f6b',
    papers: ['#e9f8ef', '#bfe9d6', '#5dbda2', '#237a6d'],
  },
  {
    name: 'midnight',
    top: '#141b4d',
    low: '#5560ad',
    sun: '#f6f1d8',
    haze: '#4f5aa5',
    shadow: '#0f1440',
    depth: 0.56,
    night: true,
    accent: '#ffd27a',
    papers: ['#6a74c4', '#4850a0', '#30387f', '#1a2058'],
  },
  {
    name: 'golden hour',
    top: '#f4a04f',
    low: '#ffeec2',
    sun: '#fff9df',
    haze: '#ffe0a8',
    shadow: '#7a3b2e',
    depth: 0.2,
    night: false,
    accent: '#e4572e',
    papers: ['#fff3d8', '#ffdfa0', '#f2ae4e', '#b06a2a'],
  },
  {
    name: 'lavender dawn',
    top: '#8f9cf0',
    low: '#fbe3ef',
    sun: '#fff5e6',
    haze: '#ded6f6',
    shadow: '#3c3a86',
    depth: 0.18,
    night: false,
    accent: '#ff7fa5',
    papers: ['#f0ecfd', '#d3caf7', '#9b8be6', '#5a4bab'],
  },
  {
    name: 'teal night',
    top: '#0b2c45',
    low: '#2f8a94',
    sun: '#f4f7e0',
    haze: '#2f7c8c',
    shadow: '#08243a',
    depth: 0.5,
    night: true,
    accent: '#ffc46b',
    papers: ['#4ba3a8', '#2d7f8a', '#1d5d6e', '#103f52'],
  },
  {
    name: 'peach haze',
    top: '#f7b293',
    low: '#fff3e2',
    sun: '#fffaf0',
    haze: '#ffe2cd',
    shadow: '#7c4258',
    depth: 0.14,
    night: false,
    accent: '#3fa7a0',
    papers: ['#fff1e6', '#ffdac4', '#f0a58a', '#b35f5a'],
  },
  {
    name: 'turquoise noon',
    top: '#17abc2',
    low: '#c5f3ea',
    sun: '#fffde8',
    haze: '#bfeee8',
    shadow: '#0b5670',
    depth: 0.1,
    night: false,
    accent: '#ff9f5a',
    papers: ['#def7f4', '#a8e6e2', '#41b9c4', '#16788f'],
  },
  {
    name: 'violet dusk',
    top: '#3c2470',
    low: '#d982b4',
    sun: '#ffe6d6',
    haze: '#a765ad',
    shadow: '#241150',
    depth: 0.42,
    night: true,
    accent: '#ffb86b',
    papers: ['#c58ad0', '#9460b8', '#663d93', '#3e2266'],
  },
];
