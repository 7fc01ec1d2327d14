import type { Config } from 'jest'

const config: Config = {
  globalSetup: '<rootDir>/spec/support/run/build-setup.ts',
  globalTeardown: '<rootDir>/spec/support/run/build-teardown.ts',
  testMatch: ['<rootDir>/spec/**/*.spec.ts'],
  // `npm test` checks the types before it runs jest, so each file is only translated (`isolatedModules`).
  transform: { '\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: { ignoreCodes: [151002] } }] },
  moduleNameMapper: {
    '^serfx$': '<rootDir>/lib/index.ts',
    '^serfx/(handler|jobs|testing)$': '<rootDir>/lib/$1/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  // Specs mostly wait for agents, so more of them run at once than there are processors.
  maxWorkers: 4,
  // Real agents and real processes: a deadline for a machine that is busy with other work, not a wait.
  testTimeout: 60_000,
}

// Not `export default`, which Node 22 and 24 would take for an ES module and warn about.
module.exports = config
