import { illegalBase64At } from '../../cluster/base64'
import type { KeyFailure, Keyring } from '../../cluster/keyring'
import type { Serf } from '../../cluster/serf'
import { keyReply } from '../../wire/replies'
import { keyRequest } from '../../wire/requests'
import type { Reply } from '../reply'
import { bodiless, type Command, command } from './command'

const NOBODY = { keys: null, messages: {}, numErr: 0, numNodes: 0, numResp: 0 }

export const installKey = changing((keyring, key) => keyring.install(key))
export const useKey = changing((keyring, key) => keyring.use(key))
export const removeKey = changing((keyring, key) => keyring.remove(key))

export const listKeys: Command = {
  ...bodiless(({ client: { serf }, reply }) => {
    const counts: Record<string, number> = {}
    for (const { keyring } of serf.keyrings()) {
      for (const key of keyring?.keys ?? []) counts[key] = (counts[key] ?? 0) + 1
    }
    return report(serf, reply, counts, ({ encrypted }) =>
      encrypted ? undefined : 'Keyring is empty (encryption not enabled)',
    )
  }),
  failedBody: keyReply({ ...NOBODY, keys: {} }),
}

function changing(change: (keyring: Keyring, key: string) => KeyFailure): Command {
  const run = command(keyRequest, async ({ client: { serf }, reply }, { Key }) => {
    const illegal = illegalBase64At(Key)
    if (illegal !== undefined) reply.fail(`illegal base64 data at input byte ${illegal}`, keyReply(NOBODY))
    else
      await report(
        serf,
        reply,
        null,
        once((keyring) => change(keyring, Key)),
      )
  })
  return { ...run, failedBody: keyReply(NOBODY) }
}

/** Nodes that share a keyring do and say the same. */
function once(change: (keyring: Keyring) => KeyFailure): (keyring: Keyring) => KeyFailure {
  const outcomes = new Map<Keyring, KeyFailure>()
  return (keyring) => {
    if (!outcomes.has(keyring)) outcomes.set(keyring, change(keyring))
    return outcomes.get(keyring)
  }
}

/** What all nodes say. Asking them is a query, and one that does not answer is waited for. */
async function report(
  serf: Serf,
  reply: Reply,
  keys: Record<string, number> | null,
  outcomeOf: (keyring: Keyring) => KeyFailure,
): Promise<void> {
  serf.queries.tick()
  const nodes = serf.keyrings()
  const messages: Record<string, string> = {}
  for (const { name, keyring } of nodes) {
    const failure = keyring && outcomeOf(keyring)
    if (failure !== undefined) messages[name] = failure
  }
  const numErr = Object.keys(messages).length
  const [numNodes, numResp] = [nodes.length, nodes.filter(({ keyring }) => keyring).length]
  const body = keyReply({ keys, messages, numErr, numNodes, numResp })
  if (numResp < numNodes) {
    await new Promise<void>((resolve) => serf.timers.after(serf.options.queryTimeout, resolve))
  }
  if (numErr > 0) reply.fail(`${numErr}/${numNodes} nodes reported failure`, body)
  else if (numResp < numNodes) reply.fail(`${numResp}/${numNodes} nodes reported success`, body)
  else reply.succeed(body)
}
