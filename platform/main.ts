import { runRole } from './run-role.ts';

/** The process of the platform's image: `node platform/main.ts <ingress|streams|scheduler|adapter|dispatcher|migrate>`. */
runRole(process.argv[2]).then(
  // What is left (an erasure that waits) goes on in another process.
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`Error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
