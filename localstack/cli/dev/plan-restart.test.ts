import { describe, expect, it } from 'vitest';
import { projectFolder } from '../project-folder.ts';
import { planRestart } from './plan-restart.ts';

const plan = (...changed: string[]) => planRestart({ project: projectFolder, changed });

describe('planRestart', () => {
  it.each([
    ['functions/video/place-video/function.ts', ['light']],
    ['functions/video/render-scene/function.ts', ['ffmpeg']],
    ['functions/video/render-tts/narrate.ts', ['cpu']],
  ])('a change of %s concerns the lanes %j alone', async (path, lanes) => {
    expect(await plan(path)).toMatchObject({ kind: 'lanes', lanes });
  });

  it('adds up what several changes concern', async () => {
    const changed = ['functions/video/place-video/function.ts', 'functions/video/render-tts/function.ts'];
    expect(await plan(...changed)).toMatchObject({ kind: 'lanes', lanes: ['light', 'cpu'] });
  });

  it.each(['shared/images/draw-picture.ts', 'localstack/embedded/lane-process.ts'])(
    'every lane loads %s',
    async (path) => {
      expect(await plan(path)).toMatchObject({ kind: 'lanes', lanes: ['light', 'cpu', 'ffmpeg'] });
    },
  );

  it.each([
    'events.yaml',
    'functions/ingress/create-ingress.ts',
    'functions/ingress/pages/assets/style.css',
    'shared/ledger/publish.ts',
    'shared/ledger/sql/promote.sql',
    'shared/scheduler/run-scheduler.ts',
    // It answers commands itself.
    'shared/host/commands/local-commands.ts',
    'localstack/embedded/start-platform.ts',
  ])('the platform itself loads %s', async (path) => {
    expect(await plan(path)).toMatchObject({ kind: 'platform' });
  });

  it.each([
    'localstack/cli/doctor/doctor.ts',
    'functions/video/new-one/function.ts',
    'shared/ledger/README.md',
  ])('no running process loads %s', async (path) => {
    expect(await plan(path)).toEqual({ kind: 'nothing' });
  });
});
