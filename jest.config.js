/** Tests run as ES modules on the Node of package.json; esbuild strips the types (ts-jest has no TypeScript 7 yet). */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/test/esbuild-transform.js' },
  testTimeout: 120_000,
  maxWorkers: 2,
  // ES modules of finished test files are never collected (nodejs/node#33439), so a worker is replaced once it has grown.
  workerIdleMemoryLimit: '1GB',
};
