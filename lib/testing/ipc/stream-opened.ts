import { filter, firstValueFrom, type Observable, startWith } from 'rxjs'
import { shown, text } from '../../arguments'
import { parseEventFilter } from './event-filter'
import type { Listener } from './listener'

/** Resolves when a client has a stream that delivers the events of this filter. */
export async function streamOpened(
  { sessions }: Listener,
  opened$: Observable<void>,
  wanted: string,
): Promise<void> {
  const [entry] = parseEventFilter(text(wanted, 'an event filter')) ?? []
  if (!entry) throw new TypeError(`${shown(wanted)} is not an event filter`)
  const { event, name } = entry
  const isOpen = () =>
    [...sessions].some(
      ({ client, writes }) =>
        !writes.over &&
        [...client.streams.values()].some((stream) => event === '*' || stream.accepts(event, name)),
    )
  await firstValueFrom(opened$.pipe(startWith(undefined), filter(isOpen)))
}
