import { NEVER, of, Subject } from 'rxjs'
import type { Member, MemberEvent } from 'serfx'
import { membershipOf } from '../../lib/client/membership'
import { systemClock } from '../../lib/connection/clock'
import { expectThat, report } from './report'

const SECONDS = 10
const CHANGES_PER_SECOND = 100

/** What it takes to keep `membership()` of a large cluster, without the wire. */
export async function membershipUnderChurn(): Promise<void> {
  for (const count of [1_000, 10_000, 100_000]) {
    const members = Array.from({ length: count }, (_, index) => member(index, 0))
    const events$ = new Subject<MemberEvent>()
    const sources = { events$, members$: of(members), gaps$: NEVER }
    let maps = 0
    const subscription = membershipOf(sources, { resync: 0, rejoinGrace: 0 }, systemClock).subscribe(
      () => maps++,
    )
    const before = process.cpuUsage()
    const start = performance.now()
    for (let change = 1; change <= SECONDS * CHANGES_PER_SECOND; change++) {
      const due = start + (change * 1_000) / CHANGES_PER_SECOND - performance.now()
      if (due > 0) await new Promise((resolve) => setTimeout(resolve, due))
      events$.next({ type: 'member-update', members: [member(change % count, change)] })
    }
    const { user, system } = process.cpuUsage(before)
    const share = (user + system) / 1_000 / (performance.now() - start)
    subscription.unsubscribe()
    const what = `membership of ${count.toLocaleString('en')}, ${CHANGES_PER_SECOND} changes a second`
    report(what, `${(100 * share).toFixed(1)} % of a core, ${(maps / SECONDS).toFixed(1)} maps a second`)
    expectThat(`${what}: below a tenth of a core`, share < 0.1)
  }
}

function member(index: number, version: number): Member {
  const versions = {
    protocolMin: 1,
    protocolMax: 5,
    protocolCur: 2,
    delegateMin: 2,
    delegateMax: 5,
    delegateCur: 4,
  }
  const tags = { role: 'web', zone: `zone-${index % 10}`, version: `${version}` }
  return { name: `node-${index}`, addr: '10.0.0.1', port: 7946, status: 'alive', tags, ...versions }
}
