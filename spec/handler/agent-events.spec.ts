import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ScriptEvent } from '../../lib/handler'
import { scriptFolder } from '../support/run/packed'
import { SerfAgent } from '../support/agents/serf-agent'
import { serf } from '../support/agents/serf-command'
import { until } from '../support/time/until'

const folder = scriptFolder('handler')
const file = join(folder, 'events.jsonl')
const deadline = 60_000
jest.setTimeout(4 * deadline)

function recorded(): ScriptEvent[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as ScriptEvent)
}

/** Waits for an event of this type that tells of this member, or has this name. */
function event(type: ScriptEvent['type'], about: string): Promise<ScriptEvent> {
  const isIt = (given: ScriptEvent): boolean =>
    given.type === type &&
    ('members' in given ? given.members.some(({ name }) => name === about) : given.name === about)
  return until(`${type} of ${about} is recorded`, () => recorded().find(isIt), deadline)
}

/** JSON has no Buffer of its own. */
const bytes = (text: string): object => ({ type: 'Buffer', data: [...Buffer.from(text)] })

it('a real agent hands all seven types of event to its script', async () => {
  const tags = { role: 'web', list: '1,2', sum: 'a=b', lines: 'x\ny\tz' }
  await using agent = await SerfAgent.start({
    tags,
    env: { RECORD_FILE: file },
    config: { event_handlers: [join(folder, 'record.mjs')] },
  })
  const context = {
    self: { name: 'node-a', role: 'web', tags: { ROLE: 'web', LIST: '1,2', SUM: 'a=b', LINES: 'x\ny\tz' } },
    environment: expect.objectContaining({ SERF_SELF_NAME: 'node-a', SERF_TAG_SUM: 'a=b' }),
  }
  const member = (name: string, own: Record<string, string>): object => ({
    name,
    addr: '127.0.0.1',
    role: own['role'] ?? '',
    tags: own,
    raw: expect.stringContaining(`${name}\t127.0.0.1\t`),
  })

  expect(await event('member-join', 'node-a')).toEqual({
    type: 'member-join',
    members: [member('node-a', tags)],
    ...context,
  })

  await serf(agent, 'event', '-coalesce=false', 'deploy', 'abc\n\n')
  expect(await event('user', 'deploy')).toEqual({
    type: 'user',
    name: 'deploy',
    ltime: 1,
    payload: bytes('abc\n\n'),
    text: 'abc\n\n',
    ...context,
  })

  await serf(agent, 'query', '-timeout=1s', 'load', 'foo')
  expect(await event('query', 'load')).toEqual({
    type: 'query',
    name: 'load',
    ltime: expect.any(Number),
    payload: bytes('foo'),
    text: 'foo',
    ...context,
  })

  await using other = await SerfAgent.start({ name: 'node-b', tags: { role: 'a,b=c', z: '' } })
  await serf(agent, 'join', other.gossip)
  expect(await event('member-join', 'node-b')).toMatchObject({
    members: expect.arrayContaining([member('node-b', { role: 'a,b=c', z: '' })]),
  })

  await serf(other, 'tags', '-set', 'z=1', '-delete', 'role')
  expect(await event('member-update', 'node-b')).toMatchObject({ members: [member('node-b', { z: '1' })] })

  const left = other.exited()
  await serf(other, 'leave')
  await left
  expect(await event('member-leave', 'node-b')).toMatchObject({ members: [member('node-b', { z: '1' })] })

  await using third = await SerfAgent.start({ name: 'node-c' })
  await serf(agent, 'join', third.gossip)
  await event('member-join', 'node-c')
  await third.stop()
  expect(await event('member-failed', 'node-c')).toMatchObject({ members: [member('node-c', {})] })

  await serf(agent, 'force-leave', '-prune', 'node-c')
  expect(await event('member-reap', 'node-c')).toMatchObject({ members: [member('node-c', {})] })
})
