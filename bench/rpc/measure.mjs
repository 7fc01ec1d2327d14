/** What all drivers share: the work to do, the clock, the report to the parent. */
import { readFileSync } from 'node:fs'

/** `port`, `workload`, `count`, `inFlight`, `expected`, `seconds` at most, and what the server said of the `sizes`. */
export const job = JSON.parse(process.argv[2])

/** The clock is asked once in so many answers: of long lists there are fewer. */
const CLOCK_EVERY = job.count < 100 ? 1 : 16

/** Does `count` requests, `inFlight` at any time. `ask` makes request `index` and says whether the answer was right. */
export function requests(ask) {
  return new Promise((resolve) => {
    const started = process.hrtime.bigint()
    const cpu = process.cpuUsage()
    const seconds = () => Number(process.hrtime.bigint() - started) / 1e9
    let asked = 0
    let answered = 0
    let wrong = 0
    let late = false
    const answer = (right) => {
      answered++
      if (!right) wrong++
      if (answered % CLOCK_EVERY === 0) late = seconds() > job.seconds
      if (!late && asked < job.count) ask(asked++, answer)
      else if (answered === asked) {
        resolve({
          units: answered,
          seconds: seconds(),
          cpu: cpuSince(cpu),
          wrong,
          stopped: answered < job.count,
        })
      }
    }
    while (asked < Math.min(job.inFlight, job.count)) ask(asked++, answer)
  })
}

/** The clock of a stream: from the first event to the last. */
export class StreamClock {
  #started
  #cpu

  /** To be called with every event, or once: only the first counts. */
  start() {
    if (this.#started !== undefined) return
    this.#started = process.hrtime.bigint()
    this.#cpu = process.cpuUsage()
  }

  stop(units, wrong) {
    const seconds = Number(process.hrtime.bigint() - this.#started) / 1e9
    return { units, seconds, cpu: cpuSince(this.#cpu), wrong, stopped: false }
  }
}

export async function report(result) {
  process.send({ ...(await result), rss: peakRss() }, () => process.exit())
}

function cpuSince(before) {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** In MB. What the system calls the maximum of a child may be its parent's, so on Linux we ask elsewhere. */
function peakRss() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}
