/** serfx as a user has it: the built package, its public API, an Observable for each request. */
import { firstValueFrom } from 'rxjs'
import { connect } from 'serfx'
import { Checksum, eventValue, memberValue, responseValue } from '../checksum.mjs'
import { task, report, requests, StreamClock } from '../measure.mjs'
import { LAST_EVENT, nameAsked } from '../wire.mjs'

const connection = await firstValueFrom(connect({ host: '127.0.0.1', port: task.port, authKey: '' }))

const workloads = {
  stream: () => {
    const clock = new StreamClock()
    let open = task.inFlight
    let units = 0
    let wrong = 0
    return new Promise((resolve) => {
      const listen = () => {
        const checksum = new Checksum()
        connection.stream('user').subscribe((event) => {
          clock.start()
          if (event.name !== LAST_EVENT) checksum.add(eventValue(event.ltime, event.name, event.payload))
          else {
            units += checksum.count
            if (checksum.text !== task.expected) wrong++
            if (--open === 0) resolve(clock.stop(units, wrong))
          }
        })
      }
      for (let index = 0; index < task.inFlight; index++) listen()
    })
  },
  unary: () =>
    requests((index, done) => {
      const name = nameAsked(index)
      connection
        .membersFiltered({ name })
        .subscribe((members) => done(index, members.length === 1 && members[0].name === name))
    }),
  members: () =>
    requests((index, done) => connection.members().subscribe((members) => done(index, isComplete(members)))),
  query: () =>
    requests((index, done) => {
      const checksum = new Checksum()
      connection.query('load').subscribe({
        next: ({ from, payload }) => checksum.add(responseValue(from, payload)),
        complete: () => done(index, checksum.text === task.expected),
      })
    }),
}

function isComplete(members) {
  const checksum = new Checksum()
  for (const { name, port, status, tags, addr } of members) {
    checksum.add(memberValue(name, port, status, tags, Number(addr.slice(addr.lastIndexOf('.') + 1))))
  }
  return checksum.text === task.expected
}

await report(workloads[task.workload]())
