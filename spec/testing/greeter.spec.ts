import { createClient, respond } from 'serfx'
import { TestAgent } from 'serfx/testing'

/** The service under test: it answers each greeting. */
const greeter = (host: string, port: number) => {
  const greetings$ = createClient({ host, port, authKey: '' }).stream('query:greet')
  return greetings$.pipe(respond(({ text }) => `Hello, ${text}`)).subscribe()
}

it('greets', async () => {
  await using agent = await TestAgent.start()
  const service = greeter(agent.host, agent.port)
  await agent.streaming('query:greet')
  expect(await agent.query('greet', 'Ada')).toMatchObject({ text: 'Hello, Ada' })
  service.unsubscribe()
})
