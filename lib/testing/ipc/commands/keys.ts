import { illegalBase64At } from '../../cluster/base64'
import type { KeyFailure } from '../../cluster/keyring'
import type { Serf } from '../../cluster/serf'
import { keyReply } from '../../wire/replies'
import { keyRequest } from '../../wire/requests'
import type { Reply } from '../reply'
import { bodiless, type Command, command } from './command'

const NOBODY = { keys: null, messages: {}, numErr: 0, numNodes: 0, numResp: 0 }

export const installKey = changing((serf, key) => serf.keyring.install(key))
export const useKey = changing((serf, key) => serf.keyring.use(key))
export const removeKey = changing((serf, key) => serf.keyring.remove(key))

export const listKeys: Command = {
  ...bodiless(({ client: { serf }, reply }) => {
    const keys = serf.keyring.keys.map((key) => [key, serf.members.alive] as const)
    const failure = serf.keyring.encrypted ? undefined : 'Keyring is empty (encryption not enabled)'
    report(serf, reply, failure, Object.fromEntries(keys))
  }),
  failedBody: keyReply({ ...NOBODY, keys: {} }),
}

function changing(change: (serf: Serf, key: string) => KeyFailure): Command {
  const run = command(keyRequest, ({ client: { serf }, reply }, { Key }) => {
    const illegal = illegalBase64At(Key)
    if (illegal === undefined) report(serf, reply, change(serf, Key), null)
    else reply.fail(`illegal base64 data at input byte ${illegal}`, keyReply(NOBODY))
  })
  return { ...run, failedBody: keyReply(NOBODY) }
}

/** Every alive node has done it, or has failed in the same way. */
function report(serf: Serf, reply: Reply, failure: KeyFailure, keys: Record<string, number> | null): void {
  serf.queries.tick()
  const nodes = serf.members.alive
  const counts = { keys, numNodes: nodes, numResp: nodes }
  if (failure === undefined) {
    reply.succeed(keyReply({ ...counts, messages: {}, numErr: 0 }))
    return
  }
  const alive = [...serf.members].filter(({ status }) => status === 'alive')
  const messages = Object.fromEntries(alive.map(({ name }) => [name, failure]))
  reply.fail(`${nodes}/${nodes} nodes reported failure`, keyReply({ ...counts, messages, numErr: nodes }))
}
