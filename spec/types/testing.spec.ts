import { expectTypeOf } from 'expect-type'
import type { Observable } from 'rxjs'
import type { Member, Payload } from 'serfx'
import { TestAgent, type Fault, type RestartOptions, type TestAgentOptions } from 'serfx/testing'

it('has the types that API.md promises', () => {
  expectTypeOf<
    Pick<Required<TestAgentOptions>, 'name' | 'port' | 'authKey' | 'encryptKey' | 'keys' | 'tags' | 'members'>
  >().toExtend<{ port: number | undefined; members: readonly Partial<Member>[] | undefined }>()
  expectTypeOf<typeof TestAgent.start>().returns.toEqualTypeOf<Promise<TestAgent>>()
  expectTypeOf<TestAgent['host']>().toEqualTypeOf<string>()
  expectTypeOf<TestAgent['port']>().toEqualTypeOf<number>()
  expectTypeOf<TestAgent['connections']>().toEqualTypeOf<number>()
  expectTypeOf<TestAgent['join']>().parameters.toEqualTypeOf<[member: Partial<Member>]>()
  expectTypeOf<TestAgent['fail']>().toEqualTypeOf<(name: string) => void>()
  expectTypeOf<TestAgent['leave']>().toEqualTypeOf<(name: string) => void>()
  expectTypeOf<TestAgent['reap']>().toEqualTypeOf<(name: string) => void>()
  expectTypeOf<TestAgent['update']>().toEqualTypeOf<(name: string, tags: Record<string, string>) => void>()
  expectTypeOf<TestAgent['disconnect']>().toEqualTypeOf<(how: 'fin' | 'rst') => void>()
  expectTypeOf<TestAgent['stop']>().toEqualTypeOf<() => Promise<void>>()
  expectTypeOf<TestAgent['restart']>().toEqualTypeOf<(options?: RestartOptions) => Promise<void>>()
  expectTypeOf<TestAgent['rejoin']>().toEqualTypeOf<() => void>()
  expectTypeOf<TestAgent>().toExtend<AsyncDisposable>()
  expectTypeOf<TestAgent['requests$']>().toExtend<Observable<{ command: string }>>()
})

it('takes handlers that answer now, later or never', async () => {
  await using agent = await TestAgent.start()
  agent.onQuery('a', ({ payload, text, node }) => {
    expectTypeOf(payload).toEqualTypeOf<Buffer>()
    expectTypeOf(text).toEqualTypeOf<string>()
    expectTypeOf(node).toEqualTypeOf<string>()
    return text
  })
  agent.onQuery('b', () => Promise.resolve(new Uint8Array()))
  agent.onQuery('c', () => undefined)
  expectTypeOf<ReturnType<Parameters<TestAgent['onQuery']>[1]>>().toEqualTypeOf<
    Payload | undefined | Promise<Payload | undefined>
  >()
  expectTypeOf(agent.faults.next('members').delay(1).drop('rst', { after: 'header' })).toEqualTypeOf<Fault>()
})

it('refuses what cannot be right', async () => {
  await using agent = await TestAgent.start()
  // @ts-expect-error: a number is no payload
  agent.onQuery('a', () => 1)
  // @ts-expect-error: no such command
  expect(() => agent.faults.next('memebers')).toThrow(TypeError)
  // @ts-expect-error: no such ending
  expect(() => agent.faults.next('members').drop('nicely')).toThrow(TypeError)
})
