import { illegalBase64At } from './base64'

const SIZES = [16, 24, 32]

/** What nodes report of a change to their keyrings: nothing, or why it failed. */
export type KeyFailure = string | undefined

/** The keys that every node of the cluster holds, all the same ones. Without a first key, encryption is off. */
export class Keyring {
  /** The primary key first. */
  #keys: string[] = []

  constructor(encryptKey: string | undefined) {
    if (encryptKey === undefined) return
    if (
      illegalBase64At(encryptKey) !== undefined ||
      !SIZES.includes(Buffer.from(encryptKey, 'base64').length)
    ) {
      throw new RangeError('the option encryptKey must be base64 of 16, 24 or 32 bytes')
    }
    this.#keys = [normal(encryptKey)]
  }

  get encrypted(): boolean {
    return this.#keys.length > 0
  }

  get keys(): readonly string[] {
    return this.#keys
  }

  install(key: string): KeyFailure {
    if (!this.encrypted) return 'No keyring to modify (encryption not enabled)'
    if (!SIZES.includes(Buffer.from(key, 'base64').length)) return 'key size must be 16, 24 or 32 bytes'
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

/** Keys are bytes: the same ones may be written in more than one way. */
function normal(key: string): string {
  return Buffer.from(key, 'base64').toString('base64')
}
