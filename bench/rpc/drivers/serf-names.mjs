/** The checks for clients that hand on records in Serf's own names. */
import { Checksum, eventValue, memberValue, responseValue } from '../checksum.mjs'
import { task } from '../measure.mjs'

export function addEvent(checksum, { LTime, Name, Payload }) {
  checksum.add(eventValue(Number(LTime), Name, Payload))
}

export function addResponse(checksum, { From, Payload }) {
  checksum.add(responseValue(From, Payload))
}

export function isComplete(members) {
  const checksum = new Checksum()
  for (const { Name, Port, Status, Tags, Addr } of members) {
    checksum.add(memberValue(Name, Port, Status, Tags, Addr[Addr.length - 1]))
  }
  return checksum.text === task.expected
}
