import { Subject } from 'rxjs'
import { createClient, type Client } from 'serfx'
import { TestAgent } from 'serfx/testing'
import { runService } from '../../examples/service/run-service'
import { ownerOf, tasksOf } from '../../examples/service/share'
import { observe } from '../support/observe/recording'
import { valueOf } from '../support/observe/values'
import { Program } from '../support/run/program'
import { until } from '../support/time/until'

const tasks = Array.from({ length: 20 }, (_, index) => `task-${index}`)
const tagsOf = async (client: Client) => (await valueOf(client.stats())).tags

describe('service.ts', () => {
  it('shares the tasks: each has one owner, and only those of a lost node move', () => {
    const nodes = ['one', 'two', 'three']
    expect(nodes.flatMap((node) => tasksOf(node, tasks, nodes)).sort()).toEqual([...tasks].sort())
    for (const node of nodes) expect(tasksOf(node, tasks, nodes).length).toBeGreaterThan(0)
    for (const task of tasks) {
      expect(ownerOf(task, [...nodes].reverse())).toBe(ownerOf(task, nodes))
      if (ownerOf(task, nodes) !== 'three') expect(ownerOf(task, ['one', 'two'])).toBe(ownerOf(task, nodes))
    }
    expect(ownerOf('task', [])).toBeUndefined()
  })

  it('registers itself, follows its peers, answers, and stops in order', async () => {
    await using agent = await TestAgent.start({ name: 'one' })
    using other = createClient({ port: agent.port })
    const stop$ = new Subject<void>()
    const client = createClient({ port: agent.port })
    const service = observe(runService(client, { role: 'worker', tasks, stop$, quiet: 20 }))
    const owns = (...nodes: string[]) =>
      until(`the tasks of one among ${nodes.join(', ')}`, () => {
        const own = service.values.at(-1)?.join()
        return own === tasksOf('one', tasks, nodes).join()
      })

    await owns('one')
    expect(await tagsOf(other)).toEqual({ role: 'worker' })
    agent.join({ name: 'two', tags: { role: 'worker' } })
    agent.join({ name: 'three', tags: { role: 'database' } })
    await owns('one', 'two')
    await agent.streaming('query:tasks')
    expect((await agent.query('tasks'))?.text).toBe(tasksOf('one', tasks, ['one', 'two']).join(' '))
    agent.fail('two')
    await owns('one')

    stop$.next()
    await service.ends()
    expect(service.error).toBeUndefined()
    expect(await tagsOf(other)).toEqual({})
    await until('the client is closed', () => agent.connections === 1)
    expect(stop$.observed).toBe(false)
  })

  it('goes on when an answer is too large', async () => {
    await using agent = await TestAgent.start({ name: 'one' })
    await using program = Program.example('service.ts', ['a'.repeat(2_000)], { agent: at(agent) })
    await program.printed('tasks of this node: ')
    expect(await agent.query('tasks', '', { timeout: 1_000 })).toBeUndefined()
    await program.printed('not answered: respond: ')
    program.signal('SIGTERM')
    expect(await program.ended()).toBe(0)
    expect(program.lines.at(-1)).toBe('stopped')
  })

  it('runs as a program until it is told to stop', async () => {
    await using agent = await TestAgent.start({ name: 'one' })
    await using program = Program.example('service.ts', ['mails', 'reports'], { agent: at(agent) })
    await program.printed('tasks of this node: mails, reports')
    program.signal('SIGTERM')
    expect(await program.ended()).toBe(0)
    expect(program.lines.at(-1)).toBe('stopped')
  })
})

const at = ({ host, port }: TestAgent) => ({ host, port, authKey: undefined })
