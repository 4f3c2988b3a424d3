import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** What a function says, or shows, that its process must be given. */
export interface FunctionWants {
  /** Ports that stand in its `needs`. */
  readonly ports: readonly string[];
  /** Whether its `handle` stores, fetches or places artifacts, as far as its text can tell. */
  readonly objects: boolean;
}

/** What of a function's dependencies works on the object store. */
const OF_STORE = ['put', 'fetch', 'place'];

/** Reads a `function.ts` without running it; of one that is not there: nothing. */
export function readFunction(path: string): FunctionWants {
  if (!existsSync(path)) return { ports: [], objects: false };
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const ports: string[] = [];
  const taken: string[] = [];
  const look = (node: ts.Node): void => {
    const name = ts.isObjectLiteralElementLike(node) ? node.name?.getText(source) : undefined;
    if (name === 'needs' && ts.isPropertyAssignment(node) && ts.isArrayLiteralExpression(node.initializer))
      ports.push(...node.initializer.elements.filter(ts.isStringLiteral).map(({ text }) => text));
    if (name === 'handle') taken.push(...takenBy(node));
    ts.forEachChild(node, look);
  };
  look(source);
  return { ports, objects: taken.some((name) => OF_STORE.includes(name)) };
}

/** The dependencies that a `handle` takes by name; where it hands them on as a whole, or is made elsewhere: any. */
function takenBy(node: ts.Node): readonly string[] {
  const handle = ts.isPropertyAssignment(node) ? node.initializer : node;
  if (!ts.isFunctionLike(handle)) return OF_STORE;
  const parameter = handle.parameters[1]?.name;
  if (parameter === undefined) return [];
  return ts.isIdentifier(parameter) ? usesOf(parameter, handle) : namesOf(parameter);
}

function namesOf(pattern: ts.BindingPattern): readonly string[] {
  return pattern.elements.flatMap((element) => {
    if (!ts.isBindingElement(element)) return [];
    if (element.dotDotDotToken !== undefined) return OF_STORE;
    return [(element.propertyName ?? element.name).getText()];
  });
}

function usesOf(parameter: ts.Identifier, handle: ts.Node): readonly string[] {
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    const isUse = ts.isIdentifier(node) && node !== parameter && node.text === parameter.text;
    if (isUse) found.push(...takenAt(node));
    else ts.forEachChild(node, look);
  };
  ts.forEachChild(handle, look);
  return found;
}

/** `deps.put`, or `const { put } = deps`. */
function takenAt({ parent }: ts.Identifier): readonly string[] {
  if (ts.isPropertyAccessExpression(parent)) return [parent.name.text];
  if (ts.isVariableDeclaration(parent) && ts.isObjectBindingPattern(parent.name)) return namesOf(parent.name);
  return OF_STORE;
}
