import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes that a real agent sent. See `spec/fixtures/wire/README.md`. */
export interface WireFixture {
  readonly name: string
  readonly requests: readonly Buffer[]
  /** One MessagePack object per entry. */
  readonly reply: readonly Buffer[]
}

interface Recorded {
  requests: string[]
  later?: { requests: string[] }
  reply: string[]
}

const FOLDER = join(__dirname, '..', '..', 'fixtures', 'wire')
const unhex = (text: string) => Buffer.from(text, 'hex')

export const wireFixtures: readonly WireFixture[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const { requests, later, reply } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Recorded
    return {
      name: file.slice(0, -'.json'.length),
      requests: [...requests, ...(later?.requests ?? [])].map(unhex),
      reply: reply.map(unhex),
    }
  })

export function wireFixture(name: string): WireFixture {
  const fixture = wireFixtures.find((candidate) => candidate.name === name)
  if (!fixture) throw new Error(`no fixture spec/fixtures/wire/${name}.json`)
  return fixture
}
