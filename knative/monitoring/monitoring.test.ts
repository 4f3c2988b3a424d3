import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { generated, value } from '../testing/generated.ts';
import { dashboards } from './dashboards/index.ts';
import { ledgerAlerts } from './ledger-alerts.ts';
import { gpuAlerts, machineAlerts } from './machine-alerts.ts';
import { platformAlerts } from './platform-alerts.ts';
import { gpuRules, rules } from './rules.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const fixture = fileURLToPath(new URL('./fixtures/alerts.yaml', import.meta.url));
const alerts = [...platformAlerts, ...ledgerAlerts, ...machineAlerts, ...gpuAlerts];
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/** The rules as an environment's overlay changes them; of the staging one, beside those of `millrace`. */
function changed(overlay: string): readonly object[] {
  const { patches } = parse(generated()[`overlays/${overlay}/Kustomization`] ?? '') as {
    patches: readonly { target: { kind: string }; patch: string }[];
  };
  const mine: KubernetesObject = structuredClone(rules);
  const changes = patches.filter(({ target }) => target.kind === 'PrometheusRule');
  for (const { path, value: put } of changes.flatMap(
    ({ patch }) => parse(patch) as readonly { path: string; value: string }[],
  )) {
    const [, group = '', rule = ''] = /^\/spec\/groups\/(\d+)\/rules\/(\d+)\/expr$/.exec(path) ?? [];
    const at = value(mine, `spec/groups/${group}/rules/${rule}`) as { expr: string };
    at.expr = put;
  }
  return (mine.spec as { groups: object[] }).groups;
}

/** The source of everything that makes metrics. */
function code(folder: string): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('test'))
    .map((path) => readFileSync(join(root, folder, path), 'utf8'))
    .join('\n');
}

interface Group {
  readonly rules: readonly { readonly expr: string }[];
}

const onlyOther = (group: Group, first: Group): Group => ({
  ...group,
  rules: group.rules.filter(({ expr }) => !first.rules.some((rule) => rule.expr === expr)),
});

describe('alert rules', () => {
  it.runIf(hasPromtool)('are read by Prometheus, and fire when they should and not else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-rules-'));
    try {
      const groups = [rules, gpuRules].flatMap(({ spec }) => (spec as { groups: object[] }).groups);
      writeFileSync(join(folder, 'rules.yaml'), stringify({ groups }));
      // Each environment brings its own rules; of the second's only those that are not what the first's are.
      const others = changed('staging')
        .map((group, index) => onlyOther(group as Group, groups[index] as Group))
        .filter(({ rules }) => rules.length > 0);
      writeFileSync(join(folder, 'staging.yaml'), stringify({ groups: others }));
      copyFileSync(fixture, join(folder, 'alerts.yaml'));
      for (const words of [
        ['check', 'rules', 'rules.yaml', 'staging.yaml'],
        ['test', 'rules', 'alerts.yaml'],
      ]) {
        const { status, stdout, stderr } = spawnSync('promtool', words, { cwd: folder, encoding: 'utf8' });
        expect(`${stdout}${stderr}`).not.toContain('FAILED');
        expect(status, `${stdout}${stderr}`).toBe(0);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(alerts.map((alert) => [alert.name, alert]))(
    '%s has a unit test, and a paragraph that says what to do',
    (name) => {
      expect(readFileSync(fixture, 'utf8')).toContain(`alertname: Millrace${name}`);
      const page = readFileSync(join(root, 'docs/alerts.md'), 'utf8');
      const paragraph = page.split(/^### /m).find((part) => part.startsWith(`${name}\n`));
      expect(paragraph?.length ?? 0, `docs/alerts.md: ### ${name}`).toBeGreaterThan(150);
    },
  );
});

describe('metrics of ours', () => {
  it('that rules and dashboards ask for are made somewhere', () => {
    const made = ['shared', 'functions', 'platform', 'localstack'].map(code).join('\n');
    const asked = new Set(
      JSON.stringify([alerts, dashboards])
        .match(/\bmillrace_[a-z_]+/g)
        ?.map((name) => name.replace(/_bucket$/, '')),
    );
    expect(asked.size).toBeGreaterThan(8);
    expect([...asked].filter((name) => !made.includes(`${name}`))).toEqual([]);
  });
});

describe('what others ask for', () => {
  const page = readFileSync(join(root, 'docs/alerts.md'), 'utf8').split('## What is measured')[1] ?? '';

  it('has a metric of ours that some process makes', () => {
    const made = ['shared', 'functions', 'platform', 'localstack'].map(code).join('\n');
    const named = [...new Set(page.match(/\bmillrace_[a-z_]+/g))];
    expect(named.length).toBeGreaterThan(14);
    expect(named.filter((name) => !made.includes(`'${name}'`))).toEqual([]);
  });

  it('has an alert of ours that there is', () => {
    const rows = page.split('| alert |')[1]?.match(/\b[A-Z][a-z]+(?:[A-Z][a-z]+)*\b/g) ?? [];
    const camel = [...new Set(rows.filter((word) => /[a-z][A-Z]/.test(word)))].filter(
      (word) => word !== 'CPU',
    );
    expect(camel.length).toBeGreaterThan(10);
    expect(camel.filter((word) => !alerts.some(({ name }) => name === word))).toEqual([]);
  });
});

describe('dashboards', () => {
  interface Grafana {
    readonly uid: string;
    readonly panels: readonly {
      readonly id: number;
      readonly gridPos: { x: number; y: number; w: number; h: number };
      readonly targets: readonly object[];
    }[];
    readonly templating: { readonly list: readonly { readonly name: string }[] };
  }

  it.each(Object.entries(dashboards))(
    '%s has panels that lie beside each other, each with a query, and all choices that they use',
    (_, page) => {
      const { panels, templating } = page as Grafana;
      expect(panels.length).toBeGreaterThan(3);
      const cells = panels.map(({ gridPos }) => `${gridPos.x},${gridPos.y}`);
      expect(new Set(cells).size).toBe(cells.length);
      for (const { gridPos, targets } of panels) {
        expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
        expect(targets.length).toBeGreaterThan(0);
      }
      const used = new Set([...JSON.stringify(panels).matchAll(/\$\{?([a-z]+)/g)].map(([, name]) => name));
      const offered = templating.list.map(({ name }) => name);
      expect([...used].filter((name) => !offered.includes(name ?? ''))).toEqual([]);
    },
  );

  it('are three, each with an address of its own', () => {
    expect(new Set(Object.values(dashboards).map((page) => (page as Grafana).uid)).size).toBe(3);
  });
});
