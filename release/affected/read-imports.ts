import ts from 'typescript';

/** What a module needs when it runs; what only the compiler reads is left out. */
export interface Imports {
  readonly imports: readonly Import[];
  /** Paths beside the module that it names as `new URL('…', import.meta.url)`: threads, statements, fonts. */
  readonly beside: readonly string[];
  /** True where it does nothing but hand on what others export by name: then only what is asked for is loaded. */
  readonly isIndex: boolean;
}

export interface Import {
  readonly from: string;
  /** Name there by name here; `undefined`: all of it. */
  readonly names: ReadonlyMap<string, string> | undefined;
}

/** Reads the text of a TypeScript or JavaScript module. */
export function readImports(path: string, text: string): Imports {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found = source.statements.map(importOf).filter((one) => one !== undefined);
  const inside: Import[] = [];
  const beside: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const from = textOf(node.arguments[0]);
      if (from !== undefined) inside.push({ from, names: undefined });
    }
    if (ts.isNewExpression(node) && node.expression.getText(source) === 'URL') {
      const [path, base] = node.arguments ?? [];
      const named = textOf(path) ?? folderOf(path);
      if (named !== undefined && base?.getText(source) === 'import.meta.url') beside.push(named);
    }
    ts.forEachChild(node, look);
  };
  look(source);
  const isIndex = source.statements.length > 0 && source.statements.every(isNamedExport);
  return { imports: [...found, ...inside], beside, isIndex };
}

const textOf = (node: ts.Node | undefined) =>
  node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;

/** Of a path that is only known in running, `./sql/${name}.sql`: the folder. */
const folderOf = (node: ts.Node | undefined) =>
  node !== undefined && ts.isTemplateExpression(node) ? node.head.text.match(/^.*\//)?.[0] : undefined;

const isNamedExport = (statement: ts.Statement) =>
  ts.isExportDeclaration(statement) &&
  statement.moduleSpecifier !== undefined &&
  statement.exportClause !== undefined &&
  ts.isNamedExports(statement.exportClause);

function importOf(statement: ts.Statement): Import | undefined {
  if (ts.isImportDeclaration(statement)) {
    const from = textOf(statement.moduleSpecifier) ?? '';
    const clause = statement.importClause;
    if (clause === undefined) return { from, names: undefined };
    if (clause.isTypeOnly) return undefined;
    const bindings = clause.namedBindings;
    if (bindings !== undefined && ts.isNamespaceImport(bindings)) return { from, names: undefined };
    const names = new Map((bindings?.elements ?? []).filter(isValue).map(pairOf));
    if (clause.name !== undefined) names.set(clause.name.text, 'default');
    return names.size === 0 ? undefined : { from, names };
  }
  if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined) {
    const from = textOf(statement.moduleSpecifier) ?? '';
    if (statement.isTypeOnly) return undefined;
    const clause = statement.exportClause;
    if (clause === undefined || !ts.isNamedExports(clause)) return { from, names: undefined };
    const names = new Map(clause.elements.filter(isValue).map(pairOf));
    return names.size === 0 ? undefined : { from, names };
  }
  return undefined;
}

const isValue = ({ isTypeOnly }: ts.ImportSpecifier | ts.ExportSpecifier) => !isTypeOnly;
const pairOf = ({ name, propertyName }: ts.ImportSpecifier | ts.ExportSpecifier): [string, string] => [
  name.text,
  (propertyName ?? name).text,
];
