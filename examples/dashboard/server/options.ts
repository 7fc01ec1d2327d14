import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Action, ACTIONS } from '../messages'
import type { DashboardOptions } from './dashboard'
import { messageOf } from './message-of'

export const USAGE = `npm run dashboard -- [options]

  --agent HOST:PORT        the RPC address of an agent; without it, a demo cluster is started
  --auth-key-file FILE     a file with the agent's rpc_auth
  --allow query,event      what a page may send; nothing by default, everything with the demo cluster
  --listen HOST:PORT       where to serve; 127.0.0.1:7380 by default. Beyond loopback, everyone who reaches it sees the cluster
  --host NAME              a name besides localhost under which it is reached; may be repeated`

export type ProgramOptions = Pick<DashboardOptions, 'listen' | 'allow' | 'hosts'> & {
  /** Without it, the demo cluster is shown. */
  agent?: DashboardOptions['agent']
}

/** Reads the command line; `folder` is where it was typed. Throws an error that says what is wrong. */
export function readOptions(args: readonly string[], folder: string): ProgramOptions {
  const values = valuesOf(args)
  const { agent, 'auth-key-file': keyFile, host: hosts } = values
  if (keyFile !== undefined && agent === undefined) throw new Error('--auth-key-file needs --agent')
  return {
    ...(agent !== undefined && {
      agent: {
        ...readAddress('--agent', agent, 1),
        ...(keyFile !== undefined && { authKey: readKey(resolve(folder, keyFile)) }),
      },
    }),
    listen: readAddress('--listen', values.listen, 0),
    allow: readActions(values.allow ?? (agent === undefined ? ACTIONS.join() : '')),
    hosts: hosts.map(readName),
  }
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        agent: { type: 'string' },
        'auth-key-file': { type: 'string' },
        allow: { type: 'string' },
        listen: { type: 'string', default: '127.0.0.1:7380' },
        host: { type: 'string', multiple: true, default: [] },
      },
    }).values
  } catch (error) {
    throw new Error(`${messageOf(error)}\n\n${USAGE}`)
  }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function readAddress(option: string, text: string, leastPort: number): { host: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  if (host !== undefined && port >= leastPort && port <= 65_535) return { host, port }
  throw new Error(`${option} must be HOST:PORT, as in 127.0.0.1:7373, not ${JSON.stringify(text)}`)
}

function readName(host: string): string {
  if (/^[^\s:/]+$/.test(host)) return host
  throw new Error(`--host must be a name without a port, as in dash.example.org, not ${JSON.stringify(host)}`)
}

function readKey(file: string): string {
  const key = contentOf(file).trim()
  if (key === '') throw new Error(`--auth-key-file: ${file} is empty`)
  return key
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`--auth-key-file: ${messageOf(error)}`)
  }
}

function readActions(text: string): Action[] {
  return text
    .split(',')
    .filter((word) => word !== '')
    .map((word) => {
      const action = ACTIONS.find((known) => known === word)
      if (action) return action
      throw new Error(`--allow takes ${ACTIONS.join(' and ')}, not ${JSON.stringify(word)}`)
    })
}
