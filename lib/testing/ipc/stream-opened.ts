import type { Observable } from 'rxjs'
import { shown, text } from '../../arguments'
import { nextTurn } from '../real-time'
import { parseEventFilter } from './event-filter'
import type { Listener } from './listener'

/** Resolves when a client has a stream that delivers the events of this filter. */
export async function streamOpened(
  { sessions }: Listener,
  requests$: Observable<unknown>,
  filter: string,
): Promise<void> {
  const [wanted] = parseEventFilter(text(filter, 'an event filter')) ?? []
  if (!wanted) throw new TypeError(`${shown(filter)} is no event filter`)
  const { event, name } = wanted
  const isOpen = () =>
    [...sessions].some(
      ({ client, writes }) =>
        !writes.over &&
        [...client.streams.values()].some((stream) => event === '*' || stream.accepts(event, name)),
    )
  if (isOpen()) return
  await new Promise<void>((resolve) => {
    const watching = requests$.subscribe(() => {
      // A request is emitted before it is carried out.
      nextTurn(() => {
        if (!isOpen()) return
        watching.unsubscribe()
        resolve()
      })
    })
  })
}
