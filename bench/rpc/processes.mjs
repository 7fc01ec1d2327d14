/** The server and the drivers, each in a process of its own. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** How long a driver may take, in ms. */
const DRIVER_TIME = 120_000

/** A server that has the given answers ready. */
export async function startServer(data) {
  const child = start('server.mjs', {
    events: 0,
    streams: 1,
    responses: 0,
    members: 0,
    payload: 0,
    piece: 64 * 1024,
    ...data,
  })
  const { port, sizes } = await message(child)
  return { port, sizes, stop: () => child.disconnect() }
}

/** What a driver measured, or a `problem`: why its figure does not count. */
export async function drive(driver, task) {
  const child = start(`drivers/${driver}.mjs`, task)
  const timer = setTimeout(() => child.kill(), DRIVER_TIME)
  try {
    const result = await message(child)
    return result.wrong > 0 ? { problem: `${result.wrong} wrong answers` } : result
  } catch (error) {
    return { problem: error.message }
  } finally {
    clearTimeout(timer)
  }
}

function start(script, argument) {
  return fork(fileURLToPath(new URL(script, import.meta.url)), [JSON.stringify(argument)])
}

function message(child) {
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code, signal) => reject(new Error(`ended with ${signal ?? code} and no result`)))
  })
}
