import { HTTPException } from 'hono/http-exception'
import { type EventRequest, LOG_LEVELS, type LogRequest, type QueryRequest } from '../../messages'

/** As long as a query may take, in ms. */
const LONGEST = 600_000

type Fields = Readonly<Record<string, unknown>>

export function readQuery(body: unknown): QueryRequest {
  const fields = fieldsOf(body)
  return {
    tab: text(fields, 'tab'),
    id: integer(fields, 'id', 0, Number.MAX_SAFE_INTEGER),
    name: name(fields),
    payload: text(fields, 'payload'),
    filterNodes: texts(fields, 'filterNodes'),
    filterTags: textMap(fields, 'filterTags'),
    timeout: integer(fields, 'timeout', 1, LONGEST),
  }
}

export function readEvent(body: unknown): EventRequest {
  const fields = fieldsOf(body)
  const { coalesce } = fields
  if (typeof coalesce !== 'boolean') throw badRequest('coalesce must be true or false')
  return { name: name(fields), payload: text(fields, 'payload'), coalesce }
}

export function readLog(body: unknown): LogRequest {
  const fields = fieldsOf(body)
  const level = fields['level'] === null ? null : LOG_LEVELS.find((known) => known === fields['level'])
  if (level === undefined) throw badRequest(`level must be one of ${LOG_LEVELS.join(', ')}, or null`)
  return { tab: text(fields, 'tab'), level }
}

function fieldsOf(body: unknown): Fields {
  if (typeof body !== 'object' || body === null) throw badRequest('an object is expected')
  return { ...body }
}

function text(fields: Fields, key: string): string {
  const value = fields[key]
  if (typeof value !== 'string') throw badRequest(`${key} must be a string`)
  return value
}

function name(fields: Fields): string {
  const value = text(fields, 'name')
  if (value === '') throw badRequest('the name must not be empty')
  return value
}

function integer(fields: Fields, key: string, least: number, most: number): number {
  const value = fields[key]
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw badRequest(`${key} must be a whole number from ${least} to ${most}`)
}

function texts(fields: Fields, key: string): string[] {
  const value = fields[key]
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value
  throw badRequest(`${key} must be a list of strings`)
}

function textMap(fields: Fields, key: string): Record<string, string> {
  const entries = Object.entries(fieldsOf(fields[key]))
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  if (texts.length < entries.length) throw badRequest(`${key} must map strings to strings`)
  return Object.fromEntries(texts)
}

function badRequest(message: string): HTTPException {
  return new HTTPException(400, { message })
}
