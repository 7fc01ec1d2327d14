/**
 * The bodies of requests, with names, types and order as the agent declares them.
 * Source: serf 0.9.4, cmd/serf/command/agent/ipc.go.
 */
import {
  bool,
  dictionary,
  type Fields,
  int32,
  int64,
  payload,
  string,
  strings,
  uint64,
  uint8,
} from './struct'

/** An unsigned integer of 64 bits: a `bigint` if a `number` cannot hold it. */
export type Uint64 = number | bigint

export interface RequestHeader {
  Command: string
  Seq: Uint64
}
export const requestHeader: Fields<RequestHeader> = { Command: string, Seq: uint64 }

export const handshakeRequest = { Version: int32 }
export const authRequest = { AuthKey: string }
export const eventRequest = { Name: string, Payload: payload, Coalesce: bool }
export const forceLeaveRequest = { Node: string, Prune: bool }
export const joinRequest = { Existing: strings, Replay: bool }
export const membersFilteredRequest = { Tags: dictionary, Status: string, Name: string }
export const keyRequest = { Key: string }
export const monitorRequest = { LogLevel: string }
export const streamRequest = { Type: string }
export const stopRequest = { Stop: uint64 }
export const tagsRequest = { Tags: dictionary, DeleteTags: strings }
export const queryRequest = {
  FilterNodes: strings,
  FilterTags: dictionary,
  RequestAck: bool,
  RelayFactor: uint8,
  Timeout: int64,
  Name: string,
  Payload: payload,
}
export const respondRequest = { ID: uint64, Payload: payload }
export const coordinateRequest = { Node: string }
