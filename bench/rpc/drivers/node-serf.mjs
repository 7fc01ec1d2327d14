/** node-serf, the other client on npm, used as its README says. It is installed in `../../peers`. */
import { createRequire } from 'node:module'
import { Checksum } from '../checksum.mjs'
import { task, report, requests, StreamClock } from '../measure.mjs'
import { LAST_EVENT, nameAsked } from '../wire.mjs'
import { addEvent, addResponse, isComplete } from './serf-names.mjs'

const { connect } = createRequire(new URL('../../peers/', import.meta.url))('node-serf')
const serf = await new Promise((resolve, reject) => {
  const client = connect({ host: '127.0.0.1', port: task.port }, (error) =>
    error ? reject(error) : resolve(client),
  )
})

const workloads = {
  stream: () => {
    const clock = new StreamClock()
    const checksum = new Checksum()
    return new Promise((resolve) => {
      serf.stream({ Type: 'user' }).on('data', (event) => {
        clock.start()
        if (event.Name !== LAST_EVENT) addEvent(checksum, event)
        else resolve(clock.stop(checksum.count, checksum.text === task.expected ? 0 : 1))
      })
    })
  },
  unary: () =>
    requests((index, done) => {
      const name = nameAsked(index)
      serf.membersFiltered({ Name: name }, (error, body) =>
        done(index, !error && body.Members.length === 1 && body.Members[0].Name === name),
      )
    }),
  members: () =>
    requests((index, done) => serf.members((error, body) => done(index, !error && isComplete(body.Members)))),
  query: () =>
    requests((index, done) => {
      const checksum = new Checksum()
      serf.query({ Name: 'load' }).on('data', (record) => {
        if (record.Type === 'done') done(index, checksum.text === task.expected)
        else addResponse(checksum, record)
      })
    }),
}

await report(workloads[task.workload]())
