import { join } from 'node:path'
import { frame, header } from '../support/wire/pack'
import { scriptFolder } from '../support/run/packed'
import { runScript } from '../support/run/run-script'
import { TcpPeer } from '../support/peers/tcp-peer'

const event = { Coalesce: false, Event: 'user', LTime: 1, Name: 'deploy', Payload: null }

describe('a process with a connection ends by itself', () => {
  let script: string
  beforeAll(() => {
    script = join(scriptFolder('connection'), 'scene.cjs')
  })

  it.each([
    ['cold', 'nothing'],
    ['closed', 'closed'],
    ['block', 'none'],
    ['pending', 'none,CLOSED,CLOSED,CLOSED'],
    ['unsubscribed', 'unsubscribed'],
    ['timed-out', 'TIMEOUT'],
    ['refused', 'ECONNREFUSED'],
    ['ended', 'CONNECTION_LOST'],
    ['dialling', 'given up'],
    ['taken', 'taken'],
  ])('%s', async (scene, seen) => {
    await using server = await TcpPeer.start(({ command, seq }) => {
      if (command === 'handshake') return header(seq)
      if (command === 'stream' && scene === 'taken') return Buffer.concat([header(seq), frame(seq, event)])
      if (command === 'leave') server.end()
      return undefined
    })
    // Well below the ten seconds that a reply may take: a timer that was left over would hold it that long.
    const { status, stdout, stderr } = await runScript(
      script,
      { env: { SCENE: scene, PORT: `${server.port}` } },
      9_000,
    )
    expect({ status, stdout: stdout.toString(), stderr }).toEqual({ status: 0, stdout: seen, stderr: '' })
  })
})
