import { BehaviorSubject } from 'rxjs'
import { createClient } from 'serfx'
import { SerfAgent } from '../support/agents/serf-agent'
import { observe } from '../support/observe/recording'
import { valueOf } from '../support/observe/values'
import { until } from '../support/time/until'

describe('keepTags', () => {
  it('sets the tags of a real agent again that has restarted, and leaves those of its configuration alone', async () => {
    const options = { name: 'web-1', tags: { zone: 'a' } }
    let agent = await SerfAgent.start(options)
    const place = { port: agent.port, bindPort: Number(agent.gossip.split(':')[1]) }
    try {
      using client = createClient({ port: agent.port, reconnect: { initialDelay: 10, maxDelay: 50 } })
      const tags$ = new BehaviorSubject<Record<string, string>>({ role: 'web', state: 'up' })
      const kept = observe(client.keepTags(tags$))
      const hasTags = (expected: Record<string, string>) =>
        until(`the tags ${JSON.stringify(expected)}`, async () => {
          const { tags } = await valueOf(client.stats())
          return (
            JSON.stringify(Object.entries(tags).sort()) === JSON.stringify(Object.entries(expected).sort())
          )
        })
      await hasTags({ zone: 'a', role: 'web', state: 'up' })

      await agent.stop()
      agent = await SerfAgent.start({ ...options, ...place })
      await kept.reaches(2)
      await hasTags({ zone: 'a', role: 'web', state: 'up' })

      tags$.next({ role: 'web' })
      await hasTags({ zone: 'a', role: 'web' })
      await agent.stop()
      agent = await SerfAgent.start({ ...options, ...place })
      await kept.reaches(4)
      await hasTags({ zone: 'a', role: 'web' })

      tags$.next({ role: 'x'.repeat(600) })
      await kept.ends()
      expect(kept.error).toMatchObject({ code: 'AGENT_ERROR', command: 'tags' })
    } finally {
      await agent.stop()
    }
  })
})
