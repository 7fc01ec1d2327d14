import { illegalBase64At } from '../../cluster/base64'
import type { KeyFailure, Keyring } from '../../cluster/keyring'
import type { Serf } from '../../cluster/serf'
import { keyReply } from '../../wire/replies'
import { keyRequest } from '../../wire/requests'
import type { Reply } from '../reply'
import { bodiless, type Command, command } from './command'

const NOBODY = { keys: null, messages: {}, numErr: 0, numNodes: 0, numResp: 0 }

export const installKey = changing('install-key', 'key installation', 'install key', (keyring, key) =>
  keyring.install(key),
)
export const useKey = changing('use-key', 'primary key change', 'change primary key', (keyring, key) =>
  keyring.use(key),
)
export const removeKey = changing('remove-key', 'key removal', 'remove key', (keyring, key) =>
  keyring.remove(key),
)

export const listKeys: Command = {
  ...bodiless(({ client: { serf }, reply }) => {
    serf.log.write('info', 'agent: Initiating key listing')
    const counts: Record<string, number> = {}
    for (const { keyring } of serf.keyrings()) {
      for (const key of keyring?.keys ?? []) counts[key] = (counts[key] ?? 0) + 1
    }
    return ask(serf, reply, counts, 'list-keys', '', ({ encrypted }) =>
      encrypted ? undefined : 'Keyring is empty (encryption not enabled)',
    )
  }),
  failedBody: keyReply({ ...NOBODY, keys: {} }),
}

function changing(
  name: string,
  initiated: string,
  failed: string,
  change: (keyring: Keyring, key: string) => KeyFailure,
): Command {
  const run = command(keyRequest, async ({ client: { serf }, reply }, { Key }) => {
    serf.log.write('info', `agent: Initiating ${initiated}`)
    const illegal = illegalBase64At(Key)
    if (illegal !== undefined) {
      reply.fail(`illegal base64 data at input byte ${illegal}`, keyReply(NOBODY))
      return
    }
    const outcomes = new Map<Keyring, KeyFailure>()
    await ask(serf, reply, null, name, failed, (keyring) => {
      // Nodes that share a keyring change it once and answer the same.
      if (!outcomes.has(keyring)) outcomes.set(keyring, change(keyring, Key))
      return outcomes.get(keyring)
    })
  })
  return { ...run, failedBody: keyReply(NOBODY) }
}

/** Sends a query to all nodes, and waits for its deadline if a node does not answer. */
async function ask(
  serf: Serf,
  reply: Reply,
  keys: Record<string, number> | null,
  name: string,
  failed: string,
  outcomeOf: (keyring: Keyring) => KeyFailure,
): Promise<void> {
  serf.queries.tick()
  const nodes = serf.keyrings()
  const messages: Record<string, string> = {}
  for (const node of nodes) {
    if (!node.keyring) continue
    const { encrypted } = node.keyring
    if (encrypted) node.log?.write('info', `serf: Received ${name} query`)
    const failure = outcomeOf(node.keyring)
    if (failure === undefined) continue
    messages[node.name] = failure
    node.log?.write('err', encrypted ? `serf: Failed to ${failed}: ${failure}` : `serf: ${failure}`)
  }
  const numErr = Object.keys(messages).length
  const [numNodes, numResp] = [nodes.length, nodes.filter(({ keyring }) => keyring).length]
  const body = keyReply({ keys, messages, numErr, numNodes, numResp })
  if (numResp < numNodes) await serf.timers.wait(serf.options.queryTimeout)
  if (numErr > 0) reply.fail(`${numErr}/${numNodes} nodes reported failure`, body)
  else if (numResp < numNodes) reply.fail(`${numResp}/${numNodes} nodes reported success`, body)
  else reply.succeed(body)
}
