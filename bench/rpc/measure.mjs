/** What all drivers share: the task, the clock, and the report to the parent process. */
import { readFileSync } from 'node:fs'

/**
 * `port`, `workload`, `count`, `inFlight`, `expected`, the limit in `seconds`, and the `sizes` of the
 * server's answers.
 */
export const task = JSON.parse(process.argv[2])

/**
 * Makes `count` requests, `inFlight` of them at a time. `ask` makes request `index`, and calls
 * `done(index, right)` at its answer. Nothing is allocated for a request here, because that would be measured
 * too.
 */
export function requests(ask) {
  return new Promise((resolve) => {
    /** By request: when it was made; once it is answered, how long that took, in ms. */
    const times = new Float64Array(task.count)
    const cpu = process.cpuUsage()
    const started = performance.now()
    const last = started + 1000 * task.seconds
    let asked = 0
    let answered = 0
    let wrong = 0
    const next = () => {
      times[asked] = performance.now()
      ask(asked++, done)
    }
    const done = (index, right) => {
      const now = performance.now()
      times[index] = now - times[index]
      answered++
      if (!right) wrong++
      if (now < last && asked < task.count) next()
      else if (answered === asked) {
        resolve({
          units: answered,
          seconds: (now - started) / 1000,
          cpu: cpuSince(cpu),
          ...latencies(times.subarray(0, answered)),
          wrong,
          stopped: answered < task.count,
        })
      }
    }
    while (asked < Math.min(task.inFlight, task.count)) next()
  })
}

/** In µs. */
function latencies(times) {
  times.sort()
  const at = (share) => 1000 * times[Math.min(times.length - 1, Math.floor(share * times.length))]
  return { p50: at(0.5), p99: at(0.99) }
}

/** The clock of a stream: from the first event to the last. */
export class StreamClock {
  #started
  #cpu

  /** May be called with every event; only the first call counts. */
  start() {
    if (this.#started !== undefined) return
    this.#started = performance.now()
    this.#cpu = process.cpuUsage()
  }

  stop(units, wrong) {
    const seconds = (performance.now() - this.#started) / 1000
    return { units, seconds, cpu: cpuSince(this.#cpu), wrong, stopped: false }
  }
}

export async function report(result) {
  process.send({ ...(await result), rss: peakRss() }, () => process.exit())
}

/** In seconds. */
function cpuSince(before) {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/**
 * In MB. On Linux `maxRSS` of a child process may be that of its parent, so the system is asked elsewhere.
 */
function peakRss() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}
