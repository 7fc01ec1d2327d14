import type { Packable } from './pack'

/** Records with Serf's field names, as an agent sends them. */
export const userEvent = (name: string): Packable => ({
  Coalesce: false,
  Event: 'user',
  LTime: 1,
  Name: name,
  Payload: null,
})
export const queryEvent = (id: number | bigint): Packable => ({
  Event: 'query',
  ID: id,
  LTime: 1,
  Name: 'q',
  Payload: null,
})
export const response = (from: string): Packable => ({
  From: from,
  Payload: Buffer.from(from),
  Type: 'response',
})
export const ack = (from: string): Packable => ({ From: from, Payload: null, Type: 'ack' })
export const done: Packable = { From: '', Payload: null, Type: 'done' }
