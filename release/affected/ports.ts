import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const PAGE = 'shared/function/ports.ts';

/** Where each port stands that a function may need: `speech` in `#shared/speech`. */
export function readPorts(root: string): ReadonlyMap<string, string> {
  const path = join(root, PAGE);
  if (!existsSync(path)) return new Map();
  const source = parse(path);
  const folders = new Map<string, string>();
  for (const statement of source.statements) {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    if (bindings === undefined || !ts.isNamedImports(bindings) || !ts.isImportDeclaration(statement))
      continue;
    const from = ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : '';
    for (const { name } of bindings.elements) folders.set(name.text, from);
  }
  const ports = source.statements.find(ts.isInterfaceDeclaration)?.members ?? [];
  return new Map(
    [...ports].filter(ts.isPropertySignature).flatMap(({ name, type }): [string, string][] => {
      const folder = folders.get(type?.getText(source) ?? '')?.match(/^#shared\/(.+)$/)?.[1];
      return folder === undefined ? [] : [[name.getText(source), `shared/${folder}/index.ts`]];
    }),
  );
}

const parse = (path: string) =>
  ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
