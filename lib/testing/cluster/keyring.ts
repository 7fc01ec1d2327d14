import { illegalBase64At } from './base64'

const SIZES = [16, 24, 32]

/** Why a change of a keyring failed; `undefined` when it succeeded. */
export type KeyFailure = string | undefined

/** The keys that a node holds. Without a primary key, encryption is off. */
export class Keyring {
  /** The primary key is the first. */
  #keys: string[] = []

  /** @param more Further keys. */
  constructor(primary: string | undefined, more: readonly string[]) {
    if (primary === undefined) return
    this.#keys = [...new Set([primary, ...more].map(normal))]
  }

  get encrypted(): boolean {
    return this.#keys.length > 0
  }

  get keys(): readonly string[] {
    return this.#keys
  }

  install(key: string): KeyFailure {
    if (!this.encrypted) return 'No keyring to modify (encryption not enabled)'
    if (!hasKeySize(key)) return 'key size must be 16, 24 or 32 bytes'
    if (!this.#keys.includes(normal(key))) this.#keys.push(normal(key))
    return undefined
  }

  use(key: string): KeyFailure {
    if (!this.encrypted) return 'No keyring to modify (encryption not enabled)'
    if (!this.#keys.includes(normal(key))) return 'Requested key is not in the keyring'
    this.#keys = [normal(key), ...this.#keys.filter((held) => held !== normal(key))]
    return undefined
  }

  remove(key: string): KeyFailure {
    if (!this.encrypted) return 'No keyring to modify (encryption not enabled)'
    if (this.#keys[0] === normal(key)) return 'Removing the primary key is not allowed'
    this.#keys = this.#keys.filter((held) => held !== normal(key))
    return undefined
  }
}

/** Whether this is a key, in base64. */
export function isKey(key: string): boolean {
  return illegalBase64At(key) === undefined && hasKeySize(key)
}

function hasKeySize(key: string): boolean {
  return SIZES.includes(Buffer.from(key, 'base64').length)
}

/** The same bytes can be written in several ways. */
function normal(key: string): string {
  return Buffer.from(key, 'base64').toString('base64')
}
