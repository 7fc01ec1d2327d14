// What API Extractor does for the build and for docs/api: it reads declarations and follows them from each
// entry.
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Each entry of the package: its name in reports, and its declarations below dist/. */
export const ENTRIES = {
  serfx: 'index.d.ts',
  handler: 'handler/index.d.ts',
  jobs: 'jobs/index.d.ts',
  testing: 'testing/index.d.ts',
}

/** Writes the declarations of each entry, with all that they lead to, as one file into `to`. */
export function rollUp(from, to) {
  for (const [config, state] of each(from, (path) => ({
    dtsRollup: { enabled: true, untrimmedFilePath: path(to) },
  })))
    extract(config, state)
}

/**
 * Writes a report of the public surface of each entry into `to`, and returns the names that the surface
 * refers to and no entry exports.
 */
export function report(from, to) {
  mkdirSync(to, { recursive: true })
  const forgotten = []
  for (const [config, state, name] of each(from, (_path, name) => ({
    apiReport: {
      enabled: true,
      reportFileName: `${name}.api.md`,
      reportFolder: to,
      reportTempFolder: join(to, 'temp'),
    },
  })))
    extract(config, state, (message) => {
      if (message.messageId === 'ae-forgotten-export') forgotten.push(`${name}: ${message.text}`)
    })
  return forgotten
}

function* each(from, outputs) {
  const files = Object.values(ENTRIES).map((file) => resolve(from, file))
  let state
  for (const [name, file] of Object.entries(ENTRIES)) {
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: process.cwd(),
        mainEntryPointFilePath: resolve(from, file),
        compiler: { overrideTsconfig: { extends: './tsconfig.build.json', files, include: [] } },
        docModel: { enabled: false },
        tsdocMetadata: { enabled: false },
        newlineKind: 'lf',
        // Comments follow TypeDoc's rules, not TSDoc's, and every export is public.
        messages: {
          extractorMessageReporting: {
            default: { logLevel: 'none' },
            'ae-forgotten-export': { logLevel: 'warning' },
          },
          tsdocMessageReporting: { default: { logLevel: 'none' } },
        },
        ...outputs((to) => resolve(to, file), name),
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: resolve('package.json'),
    })
    // One program for all entries: reading the declarations of Node and rxjs is most of the work.
    state ??= CompilerState.create(config, { additionalEntryPoints: files })
    yield [config, state, name]
  }
}

function extract(config, compilerState, told = () => undefined) {
  const { errorCount } = Extractor.invoke(config, {
    localBuild: true,
    compilerState,
    messageCallback(message) {
      told(message)
      message.handled = message.logLevel !== 'error'
    },
  })
  if (errorCount > 0) throw new Error(`API Extractor failed on ${config.mainEntryPointFilePath}`)
}
