/** Who may import whom. Each rule says why: it is printed when somebody breaks it. */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one file, or hide a third idea.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'functions-stand-alone',
      comment: 'A function never imports another: they meet in events only, so that each can run anywhere.',
      severity: 'error',
      // What follows from a request is worked on in the front door's tests by the functions themselves.
      from: {
        path: '^functions/(ingress|[^/]+/[^/]+)/',
        pathNot: '^functions/ingress/([^/]+\\.test|testing/[^/]+)\\.ts$',
      },
      to: { path: '^functions/', pathNot: '^functions/$1/' },
    },
    {
      name: 'shared-knows-no-function',
      comment: 'What functions share cannot depend on one of them, nor on a way to run them.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^(functions|localstack|platform|knative|openfaas|images|bench|release|test)/' },
    },
    {
      name: 'functions-know-no-place',
      comment: 'A function does not know where it runs.',
      severity: 'error',
      from: { path: '^functions/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^(localstack|platform|knative|openfaas|images|bench|release|test)/' },
    },
    {
      name: 'platform-knows-no-machine',
      comment: 'Parts of the platform run anywhere; the one machine that runs all of them builds on them.',
      severity: 'error',
      from: { path: '^platform/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(localstack|knative|bench|release|test)/' },
    },
    {
      name: 'shared-through-its-index',
      comment: 'A shared folder is reached only as #shared/<name>: the rest of it may change freely.',
      severity: 'error',
      from: { path: '^(functions|localstack|platform|knative|openfaas|images|bench|release|test)/' },
      to: { path: '^shared/[^/]+/(?!index\\.ts$)' },
    },
    {
      name: 'shared-through-its-index-from-shared',
      comment: 'A shared folder is reached only as #shared/<name>, by its neighbours too.',
      severity: 'error',
      from: { path: '^shared/([^/]+)/' },
      to: { path: '^shared/[^/]+/(?!index\\.ts$)', pathNot: '^shared/$1/' },
    },
    {
      name: 'tests-are-not-imported',
      comment: 'Code never needs its tests. Benchmarks stand on the same servers of AWS’s protocols.',
      severity: 'error',
      from: { pathNot: '\\.(test|contract)\\.ts$|^test/|/testing/' },
      to: { path: '\\.test\\.ts$|^test/(?!aws/)|/testing/' },
    },
    {
      name: 'servers-of-tests-serve-benchmarks-too',
      comment: 'What runs in production starts no server of the tests.',
      severity: 'error',
      from: { pathNot: '\\.(test|contract)\\.ts$|^test/|^bench/|/testing/' },
      to: { path: '^test/aws/' },
    },
    {
      name: 'no-development-packages',
      comment: 'What runs in production is in "dependencies".',
      severity: 'error',
      from: {
        path: '^(shared|functions|localstack|platform|bin)/',
        pathNot: '\\.(test|contract)\\.ts$|/testing/|/build-[^/]+\\.ts$',
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '/@types/' },
    },
    {
      name: 'resolvable',
      comment: 'The imported file or package does not exist, or is not in package.json.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(assembly|fixtures)/|^bench/peers/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
