/**
 * Counts records and sums up what is in them, in order, to find out a client that loses, reorders or damages
 * one.
 */
import { member, queryResponse, userEvent } from './wire.mjs'

export class Checksum {
  count = 0
  sum = 0

  add(value) {
    this.count++
    this.sum = (Math.imul(this.sum, 33) ^ value) >>> 0
  }

  get text() {
    return `${this.count} records, sum ${this.sum.toString(16)}`
  }
}

// Names are ASCII here, so their length is the same in bytes and characters. This has to be cheap: it is
// measured too.

export function eventValue(ltime, name, payload) {
  return ltime + name.length * 3 + name.charCodeAt(name.length - 1) + ends(payload)
}

export function responseValue(from, payload) {
  return from.length * 3 + from.charCodeAt(from.length - 1) + ends(payload)
}

export function memberValue(name, port, status, tags, lastOfAddress) {
  const { role, shelf } = tags
  return (
    port +
    name.length * 3 +
    status.length +
    lastOfAddress +
    role.length * 5 +
    shelf.charCodeAt(shelf.length - 1)
  )
}

function ends(payload) {
  return payload.length + payload[0] * 5 + payload[payload.length - 1]
}

/**
 * The sum of what each workload must deliver, by the number of its records and the size of their payloads.
 */
export const EXPECTED = {
  stream: (count, size) =>
    summed(count, (index) => {
      const { LTime, Name, Payload } = userEvent(index, size)
      return eventValue(LTime, Name, Payload)
    }),
  query: (count, size) =>
    summed(count, (index) => {
      const { From, Payload } = queryResponse(index, size)
      return responseValue(From, Payload)
    }),
  members: (count) =>
    summed(count, (index) => {
      const { Name, Port, Status, Tags } = member(index)
      return memberValue(Name, Port, Status, Tags, 1)
    }),
}

function summed(count, valueOf) {
  const checksum = new Checksum()
  for (let index = 0; index < count; index++) checksum.add(valueOf(index))
  return checksum.text
}
