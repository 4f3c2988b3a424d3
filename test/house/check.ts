import { environmentCheck } from './check-environment.ts';
import { generatedCheck } from './check-generated.ts';
import { guaranteesCheck } from './check-guarantees.ts';
import { sharedFoldersCheck } from './check-shared-folders.ts';
import { borders, styleCheck, types, unused, workflows } from './check-tools.ts';
import { topologyCheck } from './check-topology.ts';
import { versionsCheck } from './check-versions.ts';
import { contractsCheck } from './contracts/check.ts';
import { runChecks } from './run-checks.ts';

/** One rule of the house. @returns what breaks it, one line each; nothing when it holds */
export interface HouseCheck {
  readonly name: string;
  run(): Promise<readonly string[]>;
}

const checks: readonly HouseCheck[] = [
  topologyCheck,
  versionsCheck,
  generatedCheck,
  contractsCheck,
  environmentCheck,
  guaranteesCheck,
  sharedFoldersCheck,
  styleCheck,
  borders,
  unused,
  workflows,
  types,
];

/** `npm run check`: every rule, all of them even when one is broken. */
const broken = await runChecks(checks, (line) => process.stdout.write(`${line}\n`));
process.exitCode = broken === 0 ? 0 : 1;
