import type { Action } from '../../messages'
import type { Cluster } from '../cluster/cluster'
import { Tab } from './tab'

/** How many pages may be open at once. */
export const TABS_AT_MOST = 64

/** The pages that are open. */
export class Tabs {
  readonly #open = new Map<string, Tab>()

  constructor(
    private readonly cluster: Pick<Cluster, 'updates$' | 'snapshot' | 'log'>,
    private readonly allow: readonly Action[],
  ) {}

  get count(): number {
    return this.#open.size
  }

  /** `undefined` when too many are open. */
  open(): Tab | undefined {
    if (this.#open.size >= TABS_AT_MOST) return undefined
    const tab = new Tab(this.cluster, this.allow)
    this.#open.set(tab.id, tab)
    return tab
  }

  find(id: string): Tab | undefined {
    return this.#open.get(id)
  }

  close(tab: Tab): void {
    this.#open.delete(tab.id)
    tab.close()
  }
}
