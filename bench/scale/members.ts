import { firstValueFrom } from 'rxjs'
import { connect, type Member } from 'serfx'
import { TestAgent } from 'serfx/testing'
import { expectThat, report, timed } from './report'

const MEMBERS = 100_000

/** A cluster far larger than any machine holds, in one list. */
export async function manyMembers(): Promise<void> {
  const members: Partial<Member>[] = Array.from({ length: MEMBERS - 1 }, (_, index) => ({
    name: `node-${index}`,
    tags: { role: index % 2 ? 'web' : 'db', zone: `zone-${index % 10}`, version: '1.2.3' },
  }))
  const { value: agent, ms: starting } = await timed(() => TestAgent.start({ members }))
  report('100,000 members: start of the agent', `${starting.toFixed(0)} ms`)
  try {
    const connection = await firstValueFrom(connect({ port: agent.port, authKey: '' }))
    const first = await timed(() => firstValueFrom(connection.members()))
    report('100,000 members: first list (the agent encodes it)', `${first.ms.toFixed(0)} ms`)
    expectThat('the list is complete', first.value.length === MEMBERS)
    expectThat('and right', first.value[MEMBERS - 1]?.tags['zone'] === `zone-${(MEMBERS - 2) % 10}`)
    const again = await timed(() => firstValueFrom(connection.members()))
    report('100,000 members: each further list (sent and decoded)', `${again.ms.toFixed(0)} ms`)
    const filtered = await timed(() =>
      firstValueFrom(connection.membersFiltered({ tags: { role: 'web' }, name: 'node-.*1' })),
    )
    report('100,000 members: two patterns over all', `${filtered.ms.toFixed(0)} ms`)
    connection.close()
  } finally {
    await agent.stop()
  }
}
