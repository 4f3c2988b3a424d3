/** A panel of a Grafana dashboard: what it shows, by which queries. */
export interface Panel {
  readonly title: string;
  /** What a reader should make of it. */
  readonly about: string;
  readonly kind: 'timeseries' | 'stat' | 'table';
  /** Of Grafana: `s`, `ops`, `short`, `percentunit`, `bytes`. */
  readonly unit: string;
  /** Query by legend: PromQL, or SQL where the panel asks the ledger. */
  readonly queries: Readonly<Record<string, string>>;
  /** Left out: Prometheus. `ledger`: the database itself, by a user that may only read. */
  readonly asks?: 'ledger';
  /** Of 24 columns. */
  readonly width: 6 | 8 | 12 | 24;
}

export interface Dashboard {
  /** Stays the same for ever: links go there. */
  readonly uid: string;
  readonly title: string;
  /** Name of a choice to the query of its values. */
  readonly choices: Readonly<Record<string, string>>;
  /** Names of what a reader types in. */
  readonly fields?: readonly string[];
  readonly panels: readonly Panel[];
}

const HEIGHT = 8;
const COLUMNS = 24;
/** Version of Grafana's own form that this is. */
const SCHEMA = 39;
const prometheus = { type: 'prometheus', uid: '$datasource' };
const ledger = { type: 'grafana-postgresql-datasource', uid: '$ledger' };

/** The dashboard as Grafana reads it. */
export function grafana({ uid, title, choices, fields = [], panels }: Dashboard): object {
  return {
    uid,
    title,
    tags: ['millrace'],
    schemaVersion: SCHEMA,
    editable: false,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' },
        ...Object.entries(choices).map(([name, query]) => ({
          name,
          type: 'query',
          datasource: prometheus,
          query: { query, refId: name },
          refresh: 2,
          sort: 1,
          includeAll: true,
          allValue: '.*',
        })),
        ...(panels.some(({ asks }) => asks === 'ledger')
          ? [{ name: 'ledger', type: 'datasource', query: ledger.type, label: 'Ledger' }]
          : []),
        ...fields.map((name) => ({ name, type: 'textbox', query: '' })),
      ],
    },
    panels: placed(panels).map(({ panel, gridPos }, index) => ({
      id: index + 1,
      title: panel.title,
      description: panel.about,
      type: panel.kind,
      datasource: panel.asks === 'ledger' ? ledger : prometheus,
      gridPos,
      fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
      targets: targets(panel),
    })),
  };
}

function targets({ queries, asks }: Panel): readonly object[] {
  return Object.entries(queries).map(([legend, query], at) => {
    const refId = String.fromCharCode('A'.charCodeAt(0) + at);
    return asks === 'ledger'
      ? { refId, datasource: ledger, rawSql: query, format: 'table', rawQuery: true }
      : { refId, datasource: prometheus, expr: query, legendFormat: legend };
  });
}

/** From left to right, a new row where a panel has no room. */
function placed(panels: readonly Panel[]) {
  let x = 0;
  let y = 0;
  return panels.map((panel) => {
    if (x + panel.width > COLUMNS) {
      x = 0;
      y += HEIGHT;
    }
    const gridPos = { x, y, w: panel.width, h: HEIGHT };
    x += panel.width;
    return { panel, gridPos };
  });
}
